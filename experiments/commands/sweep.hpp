#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "experiments/commands/shared_options.hpp"
#include "experiments/sweep/sweep_plan.hpp"

namespace fedgram::experiments {

struct SweepOptions {
    std::string sweep;  ///< path of a file, or name of a shipped one
    std::filesystem::path out;
    std::string on = "here";              ///< where the runs go on: "here", or "slurm"
    std::optional<std::uint32_t> jobs{};  ///< runs at once; absent: 1 here, and on Slurm as many as there is room for
    SlurmChoice slurm{};
    std::optional<std::filesystem::path> data_folder{};
    StoreOptions store{};   ///< without a folder: the user's
    bool no_store = false;  ///< each run trains all that it has
};

/// `fedgram sweep`: a run for each combination of values and seeds, or a search among them, in OUT/runs;
/// OUT/sweep.json, OUT/sweep.csv, OUT/sweep.md, of a search OUT/search.json and its winners in OUT/winner, and the
/// answer. A whole run of the same specification isn't done again, one that was interrupted goes on, and a training
/// that another run has done comes from the store; a failed run is reported and stops no other. Returns 0 when no run
/// failed, 1 otherwise, 128 + signal when stopped. Throws SystemError where OUT holds something else, or another call
/// is at work in it. On Slurm the runs are tasks of its job arrays, which outlive this call: the same call follows them
/// again.
[[nodiscard]] int sweep(const SweepOptions& options);

/// Where a sweep's answer goes, beside its folder.
enum class SweepOutput { terminal, files };

/// The same of a plan in place of `options.sweep`, which then only says where its specification's path counts from.
[[nodiscard]] int sweep(SweepPlan plan, const SweepOptions& options, SweepOutput output);

/// Its options and its help.
void add_sweep(CommandSet& commands);

}  // namespace fedgram::experiments
