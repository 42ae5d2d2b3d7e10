#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/pricing/inference_energy.hpp"
#include "common/report/lifecycle/break_even.hpp"
#include "common/report/lifecycle/life.hpp"
#include "common/report/lifecycle/life_plan.hpp"
#include "common/report/lifecycle/spent.hpp"
#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"

namespace fedgram::report {

/// Other trainings on the way to a model: those of a sweep, or of one run.
struct PastTrials {
    std::string name;  ///< of the folder
    std::size_t runs = 0;
    std::size_t unfinished = 0;  ///< of these; what they spent is a lower bound, without PUE, network and band
    Spent spent{};
};

/// Lives of a run's models side by side. All electricity is of the table's first country, at the same intensity all
/// along.
struct Lifecycle {
    LifePlan plan;
    std::string country;  ///< its code
    Electricity electricity;
    bool is_mean_of_hours = false;  ///< its grid is a mean over hours: the training meets its own
    std::vector<PastTrials> trials;
    std::vector<Life> lives;
    std::vector<LifeBreakEven> break_evens;  ///< of each pair of lives that have parts, but for those that are equal
    std::vector<std::string> left_out;       ///< labels of trainings without a result
    std::vector<std::string> unfinished{};   ///< of those that a run which hasn't ended was yet to do
    std::string start{};                     ///< the file of the model that trainings begin with, or empty
    run::EvaluationSet evaluated_on = run::EvaluationSet::test;  ///< what accuracies are of
    std::string choice{};  ///< a sentence on which run's model it is; empty of one that was named
};

/// What is asked of a run.
struct LifeQuestion {
    LifePlan plan;
    std::string training{};  ///< whose lives come first; empty: the first with a result
    std::vector<ServingPlace> places;
    std::vector<PastTrials> trials{};
    std::vector<std::string> unfinished{};  ///< labels of the run's trainings that haven't ended
    /// One request to the float32 model, by its layers. Nothing: by the trainings' evaluations.
    std::optional<energy::InferenceDemand> own_request{};
};

/// The models of a table's trainings that have a result, each with its reductions behind it; those of `training` in
/// front. Throws SpecError where no training has a result, or that one has none.
[[nodiscard]] std::vector<ServedModel> served_models(const Table& table, const run::RunRecord& run,
                                                     const LifeQuestion& question);

/// Each model at each place. `run` is what `table` was built from. Throws SpecError as above and as check(LifePlan).
[[nodiscard]] Lifecycle lifecycle(const Table& table, const run::RunRecord& run, const LifeQuestion& question);

}  // namespace fedgram::report
