#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/sweep/sweep_plan.hpp"

namespace fedgram::experiments {

/// A value for each of a plan's keys, as JSON text; nothing where the key's condition doesn't hold.
using Setting = std::vector<std::optional<std::string>>;

/// One run of a sweep.
struct SweepRun {
    std::string name;  ///< of its folder: "local_epochs-5_alpha-0.1_seed-2"
    std::vector<std::string>
        values;  ///< in the order of the plan's keys, texts without quotes; "-" where one isn't set
    std::uint64_t seed = 1;
    std::vector<std::string> sets;  ///< KEY=VALUE, the seed's too
};

/// The settings of a plan: every combination, of which the last key changes fastest, or as many as its search draws.
/// Each draw has a stream of its own, so that trial 7 is trial 7 whatever their number; none is drawn twice. Throws
/// SpecError where there are not so many.
[[nodiscard]] std::vector<Setting> settings(const SweepPlan& plan);

/// One for each seed. Throws SpecError for a longer name than a file may have.
[[nodiscard]] std::vector<SweepRun> runs_of(const SweepPlan& plan, const Setting& setting);

/// Those of all settings. Throws SpecError when two would bear the same name.
[[nodiscard]] std::vector<SweepRun> expand(const SweepPlan& plan);

/// How many trials a search has at most.
[[nodiscard]] std::size_t trials_of(const SweepPlan& plan);

}  // namespace fedgram::experiments
