#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fedgram::experiments {

class CommandSet;

struct AnalyzeOptions {
    std::string subject;                 ///< the folder of a run, or a model by its costs
    std::vector<std::string> devices{};  ///< ids or paths
    bool here = false;                   ///< on this machine instead, by measuring
    std::string training{};              ///< label; empty: the first
    std::vector<std::string> numbers{};  ///< that a model of float32 is computed in; empty: see `analyze`
    std::string mode = "quick";

    std::optional<double> min_throughput{};
    std::optional<double> max_p99_ms{};
    std::optional<double> max_memory_mb{};
    std::optional<double> min_accuracy{};
    std::optional<double> max_joules{};
    std::optional<double> max_grams{};
    std::optional<double> max_core_seconds{};
    std::optional<double> max_usd{};
    std::vector<std::string> objectives{};  ///< "throughput", "p99=2"

    std::vector<double> max_batches{};  ///< these and the next four: where it looks; empty: as analysis::Space does
    std::vector<double> instances{};
    std::vector<double> queue_delays_us{};
    std::vector<double> concurrencies{};
    std::vector<double> load_rates{};  ///< requests a second, in their place

    std::string country{};
    std::optional<double> pue{};
    std::optional<double> rate{};           ///< requests a second that the best are priced at, too
    std::optional<double> request_bytes{};  ///< that a client sends; nothing: no network counts
    double answer_bytes = 0;
    std::string network{};  ///< as AssumptionOptions has it, and the next
    std::string kwh_per_gb{};

    double seconds_per_measurement = 1.5;     ///< these and the next: on this machine
    std::optional<std::string> core_power{};  ///< "7", "4:7:12": watts of a busy core

    std::optional<std::filesystem::path> out{};  ///< folder to keep it in; nothing: it is printed alone
    std::optional<std::filesystem::path> svg{};
    std::optional<std::filesystem::path> html{};
    bool figures = false;  ///< print those of the devices, too
    bool json = false;
    bool csv = false;
};

/// `fedgram analyze`: looks for how to serve a model, in virtual time on device profiles or by measuring it on this
/// machine, where it has to be a run's. Of a run what is float32 is
/// computed in float32 alone, of a model by its costs in all that the devices are able to, unless `numbers` say so.
/// Files that it is to write are checked before it measures. Where nothing could be run it prints so and throws:
/// SpecError of devices, SystemError of this machine.
[[nodiscard]] int analyze(const AnalyzeOptions& options);

/// Its options and its help.
void add_analyze(CommandSet& commands);

}  // namespace fedgram::experiments
