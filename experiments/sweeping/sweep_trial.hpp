#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/spec/experiment.hpp"
#include "common/store/training_store.hpp"
#include "experiments/launch/job_runner.hpp"
#include "experiments/sweep/sweep_runs.hpp"

namespace fedgram::experiments {

/// Where a sweep is carried out, and with what.
struct SweepPlace {
    std::filesystem::path out;  ///< absolute
    std::optional<std::filesystem::path> data_folder{};
    std::optional<store::StorePlace> store{};
    std::uint32_t processes = 1;  ///< client processes of a run, at most

    [[nodiscard]] std::filesystem::path folder_of(const SweepRun& run) const { return out / "runs" / run.name; }
    [[nodiscard]] std::filesystem::path log_of(const SweepRun& run) const { return out / "logs" / (run.name + ".log"); }
};

/// One run of a sweep, resolved.
struct SweepTrialRun {
    SweepRun run;
    std::filesystem::path folder;
    spec::Experiment experiment{};
    std::string failure{};  ///< one line; empty while there is none
};

/// A setting with its runs, one for each seed.
struct SweepTrial {
    std::vector<SweepTrialRun> runs;

    [[nodiscard]] std::string failure() const;  ///< of the first run that has one
};

/// What a run is told beside its settings.
struct RunOrder {
    std::string only{};                     ///< label of a training; empty: all
    std::optional<std::uint32_t> rounds{};  ///< behind which it pauses
};

/// The call that begins the run, or goes on with what its folder holds.
[[nodiscard]] Job job_of(const SweepTrialRun& run, const std::string& spec, const SweepPlace& place,
                         const RunOrder& order);

}  // namespace fedgram::experiments
