#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/meters/discover.hpp"
#include "common/energy/work/work.hpp"
#include "experiments/commands/calibrate_log.hpp"
#include "experiments/commands/calibrate_serving.hpp"

namespace fedgram::experiments {

class CommandSet;

struct CalibrateOptions {
    std::string model = "small-cnn";
    std::string id{};
    std::string name{};  ///< empty: the id
    /// The machine's draw, as its user states it: both or neither. Stated watts win over measured ones.
    std::optional<double> train_w{};
    std::optional<double> idle_w{};
    std::string boundary = "wall";  ///< of stated watts; a meter has its own
    std::uint32_t repetitions = 5;
    std::filesystem::path out{};                       ///< empty: standard output
    std::filesystem::path sys = energy::sysfs_root();  ///< where the kernel shows its meters
    CalibrateLogOptions by_logs{};                     ///< its logs, where there are any, take the place of a training
    CalibrateServingOptions serving{};                 ///< its run, where there is any, does the same
    std::string training{};                            ///< of the run of logs, or that is served
};

/// `fedgram calibrate`: trains a built-in model on one core with small and with large batches, and writes a device
/// profile with the sustained rate and the cost of a step that explain both. The watts are stated, or measured by a
/// meter of this machine. With power logs it trains nothing: see calibrate_by_logs; with a run that is served it writes
/// a serving record: see calibrate_serving. Throws SpecError for an unknown model, and where watts are neither stated
/// nor to be measured.
[[nodiscard]] int calibrate(const CalibrateOptions& options);

/// One timed training.
struct TimedWork {
    energy::Work work;
    double seconds;
};

struct Throughput {
    double flops_per_second;
    double step_overhead_s;
};

/// The two unknowns of seconds = FLOPs / rate + steps * overhead, from two trainings that differ in their batch. Where
/// noise would make the overhead negative it is 0, and the rate that of the larger batch.
[[nodiscard]] Throughput solve_throughput(const TimedWork& small_batches, const TimedWork& large_batches);

/// Its options and its help.
void add_calibrate(CommandSet& commands);

}  // namespace fedgram::experiments
