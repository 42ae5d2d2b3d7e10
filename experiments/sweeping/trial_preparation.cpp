#include "experiments/sweeping/trial_preparation.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/inputs.hpp"
#include "common/run/spec_file.hpp"
#include "common/spec/parse_data.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "datasets/readers/sample_facts.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/lookup/specification.hpp"

namespace fedgram::experiments {

namespace {

// Of the training samples, where a specification holds none out and a search must not see the test set.
constexpr const char* usual_validation_share = "data.validation_share=0.1";

const spec::Training& training_of(const spec::Experiment& experiment, const Objective& objective)
{
    std::vector<std::string> labels;
    for (const auto& training : experiment.trainings) labels.push_back(training.label);
    if (objective.training.empty() && labels.size() == 1) return experiment.trainings.front();
    const auto found = std::ranges::find(experiment.trainings, objective.training, &spec::Training::label);
    if (found != experiment.trainings.end()) return *found;
    throw SpecError{"objective.training: " +
                    (objective.training.empty() ? "is missing" : "\"" + objective.training + "\" is no training") +
                    "; " + experiment.name + " has " + text::joined(labels)};
}

/// A key of what isn't trained would make twins of trials.
void refuse_idle_keys(const SweepPlan& plan, const spec::Training& training)
{
    const bool is_federated = std::holds_alternative<spec::Federated>(training.kind);
    const std::string other_kind = is_federated ? "centralized." : "federated.";
    const auto own = "trainings." + training.label + ".";
    for (const auto& key : plan.keys)
        if (key.key.starts_with(other_kind) || (key.key.starts_with("trainings.") && !key.key.starts_with(own)))
            throw SpecError{"set." + key.key + ": the search trains \"" + training.label +
                            "\" alone, which this key changes nothing of; leave it out"};
}

}  // namespace

TrialPreparation::TrialPreparation(SweepPlan& plan, const SweepPlace& place) : plan_{plan}, place_{place}
{
    if (!plan.objective) return;
    auto& objective = *plan.objective;
    const auto experiment = read_specification({plan.spec, {}, place.data_folder});
    const auto& training = training_of(experiment, objective);
    const bool cuts_rounds = plan.search.has_rungs() || objective.kind != Objective::Kind::greenest;
    if (cuts_rounds && !std::holds_alternative<spec::Federated>(training.kind))
        throw SpecError{"objective.training: \"" + training.label +
                        "\" is centralized, which has no rounds to stop behind; use the objective greenest with the "
                        "method grid or random, or a federated training"};
    objective.training = training.label;
    refuse_idle_keys(plan, training);
    if (experiment.data.validation_share == 0) search_sets_.emplace_back(usual_validation_share);
    search_sets_.emplace_back("data.measure_test=false");
    search_sets_.push_back("target_accuracy=" + (objective.kind == Objective::Kind::greenest
                                                     ? text::shortest(objective.min_accuracy)
                                                     : std::string{"null"}));
    if (plan.search.has_rungs())
        search_sets_.push_back("trainings." + training.label + ".max_rounds=" + std::to_string(plan.search.max_rounds));
}

SweepTrial TrialPreparation::prepared(const Setting& setting)
{
    SweepTrial trial;
    for (auto& run : runs_of(plan_, setting)) {
        run.sets.insert(run.sets.end(), search_sets_.begin(), search_sets_.end());
        const auto folder = place_.folder_of(run);
        trial.runs.push_back(resolved(std::move(run), folder));
    }
    return trial;
}

SweepTrialRun TrialPreparation::measuring(const SweepRun& run, std::optional<std::uint32_t> rounds)
{
    auto sets = run.sets;
    sets.emplace_back("data.measure_test=true");
    if (rounds) sets.push_back("trainings." + plan_.objective->training + ".max_rounds=" + std::to_string(*rounds));
    SweepRun measuring{"winner-" + run.name, run.values, run.seed, std::move(sets)};
    const auto folder = place_.out / "winner" / run.name;
    return resolved(std::move(measuring), folder);
}

SweepTrialRun TrialPreparation::resolved(SweepRun run, std::filesystem::path folder)
{
    SweepTrialRun result{std::move(run), std::move(folder)};
    auto& experiment = result.experiment;
    try {
        experiment = read_specification({plan_.spec, result.run.sets, place_.data_folder});
        choose_dataset(experiment, place_.data_folder);
        resolve(experiment, dataset(experiment.data));
    } catch (const SpecError& error) {
        result.failure = error.what();
        std::ranges::replace(result.failure, '\n', ' ');  // several mistakes
        return result;
    }
    if (plan_.objective) keep_trainings(experiment, {plan_.objective->training}, "objective.training");
    const auto spec = files::try_read_file(result.folder / "spec.json");
    if (!spec) return result;
    if (*spec != run::spec_text(experiment))
        throw SpecError{result.folder.string() + " holds a run of another specification; use another --out"};
    const auto& data = dataset(experiment.data);
    run::pin_inputs(result.folder,
                    run::inputs_of(data.name, data.sha256, experiment.model, datasets::sample_facts(data)));
    return result;
}

const datasets::Dataset& TrialPreparation::dataset(const spec::Data& wanted)
{
    const auto name = wanted.own ? spec::to_json(wanted).dump() : wanted.dataset;
    const auto found = datasets_.find(name);
    return found != datasets_.end()
               ? found->second
               : datasets_.emplace(name, datasets::load_cached(wanted, place_.data_folder)).first->second;
}

}  // namespace fedgram::experiments
