#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/units/quantity.hpp"

namespace fedgram::report {

/// What was spent, wasted work included: it was computed too. Virtual seconds and joules are the ledger's, and levers'
/// beside it: on the devices of the run's own specification, before PUE and without the network.
struct Spending {
    std::uint64_t samples = 0;  ///< trained by the devices
    std::uint64_t flops = 0;    ///< of that training
    Seconds device_time;        ///< of the devices, waiting included
    Joules devices;
    Joules coordinator;  ///< evaluation and aggregation
    Joules levers;       ///< of reductions, on the first data-centre device; no ledger has them
    std::uint64_t wasted_lines = 0;
    Joules wasted;  ///< contained in the above
    /// Of the machines that simulated; nothing where no summary tells.
    std::optional<double> host_cpu_seconds;

    [[nodiscard]] Joules joules() const { return devices + coordinator + levers; }
    /// The sum's host CPU seconds are of the parts that have some.
    Spending& operator+=(const Spending& more);
};

/// How far a run came: all its trainings ended by their rule; it was told to stop; or it has no whole summary.json.
enum class RunState { whole, interrupted, unfinished };

[[nodiscard]] std::string_view name(RunState state);

struct RunBudget {
    std::filesystem::path folder;
    std::uint64_t seed{};
    RunState state{};
    std::vector<std::string> missed;  ///< labels of the trainings that ended without reaching their target, or diverged
    std::vector<std::string> from_store;  ///< labels of those that an earlier run spent, which aren't in `spending`
    Spending spending;
    /// The specification without name and seed, as text: runs that share it differ in the seed alone.
    std::string setting;
};

/// The seeds of the runs, each once, ascending.
[[nodiscard]] std::vector<std::uint64_t> seeds(std::span<const RunBudget> runs);

/// Reads what a run has spent, however it ended: DIR/spec.json, DIR/ledger.jsonl and the reductions that there are, and
/// DIR/summary.json where it is whole. Throws DataError that names the folder when one of the first two isn't there or
/// is damaged.
[[nodiscard]] RunBudget read_run_budget(const std::filesystem::path& dir);

/// Sentences on the seeds, and on what is wasted, unfinished or missed.
[[nodiscard]] std::vector<std::string> budget_notes(std::span<const RunBudget> runs);

/// A row for each run, and their sum; beneath it, the notes.
[[nodiscard]] std::string budget_text(std::span<const RunBudget> runs);

/// The same facts with units in the keys, unrounded.
[[nodiscard]] nlohmann::ordered_json budget_json(std::span<const RunBudget> runs);

}  // namespace fedgram::report
