#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/spec/experiment.hpp"
#include "datasets/readers/dataset.hpp"
#include "experiments/sweep/sweep_plan.hpp"
#include "experiments/sweeping/sweep_trial.hpp"

namespace fedgram::experiments {

/// Resolves the runs of a sweep before anything starts, so that errors come first.
class TrialPreparation {
public:
    /// Both must outlive it. Completes what the plan leaves open for a search: whose training it looks at. Throws
    /// SpecError where the objective doesn't fit the specification.
    TrialPreparation(SweepPlan& plan, const SweepPlace& place);

    /// What is wrong with a run's settings alone becomes its failure. Throws SpecError where a run's folder holds
    /// another run, and DataError where it is of other data.
    [[nodiscard]] SweepTrial prepared(const Setting& setting);
    /// The run that measures a trial's model behind so many rounds on the test set, in `place.out`/winner.
    [[nodiscard]] SweepTrialRun measuring(const SweepRun& run, std::optional<std::uint32_t> rounds);

private:
    [[nodiscard]] SweepTrialRun resolved(SweepRun run, std::filesystem::path folder);
    const datasets::Dataset& dataset(const spec::Data& wanted);

    SweepPlan& plan_;
    const SweepPlace& place_;
    std::vector<std::string> search_sets_;  // beside those of a setting
    std::map<std::string, datasets::Dataset> datasets_;
};

}  // namespace fedgram::experiments
