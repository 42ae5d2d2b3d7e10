#include "experiments/reducing/run_reductions.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>
#include <variant>

#include "common/energy/meters/host.hpp"
#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/learning/levers/lever.hpp"
#include "common/learning/levers/reduce.hpp"
#include "common/learning/levers/stored_model.hpp"
#include "common/learning/torchscript/stored_parameters.hpp"
#include "common/run/inputs.hpp"
#include "common/run/reduction_file.hpp"
#include "common/run/summary.hpp"
#include "common/spec/parse_reduction.hpp"
#include "common/text/number_text.hpp"
#include "datasets/partition/chosen_samples.hpp"
#include "datasets/partition/federation.hpp"
#include "datasets/readers/sample_facts.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/reducing/side_by_side.hpp"

namespace fedgram::experiments {

namespace {

learning::Samples samples_of(const datasets::Split& split) { return {split.pixels, split.labels, split.values}; }

/// The training whose model it begins with, which is there.
const spec::Training& training_of(const spec::Experiment& experiment, const spec::Reduction& reduction)
{
    return *std::ranges::find(experiment.trainings, reduction.training, &spec::Training::label);
}

bool is_pruned(const spec::Training& training)
{
    const auto* federated = std::get_if<spec::Federated>(&training.kind);
    return federated != nullptr && federated->pruning.has_value();
}

// A few samples, which every set of data has.
constexpr std::size_t tried_samples = 8;

/// The lever as it is tried: it trains nothing, and looks at few samples.
struct Tried {
    template <class Kind>
    spec::Lever operator()(Kind lever) const
    {
        lever.tuning.epochs = 0;
        return lever;
    }
    spec::Lever operator()(spec::Prune lever) const
    {
        lever.course = spec::PruningCourse::one_shot;
        lever.tuning.epochs = 0;
        return lever;
    }
};

/// Throws SpecError where the lever's steps are too few.
void check_steps(const spec::Lever& lever, const learning::Workbench& bench)
{
    if (const auto* prune = std::get_if<spec::Prune>(&lever))
        if (prune->course == spec::PruningCourse::gradual) learning::require_gradual_steps(*prune, bench);
}

class Reducer {
public:
    Reducer(const std::filesystem::path& run, const spec::Experiment& experiment, datasets::Dataset data)
        : run_{run},
          experiment_{experiment},
          data_{std::move(data)},
          indices_{datasets::training_indices(data_, experiment)}
    {
        if (experiment.data.validation_share > 0)
            validation_ = datasets::chosen_samples(data_, datasets::validation_indices(data_, experiment));
    }

    [[nodiscard]] learning::ReductionResult make(const spec::Reduction& reduction) const
    {
        const auto& training = training_of(experiment_, reduction);
        learning::Workbench bench{setting_for(training)};
        auto model = this->model();
        const auto file_of_model = run_ / (reduction.training + ".pt");
        auto parameters = learning::torchscript::stored_parameters(model, file_of_model);
        if (!std::ranges::all_of(parameters, [](float value) { return std::isfinite(value); }))
            throw DataError{file_of_model.string() + ": a weight is no finite number: the training has diverged"};
        learning::Candidate candidate{layers(), std::move(model), std::move(parameters)};
        if (is_pruned(training)) candidate.mask = mask_of_zeros(candidate.model.parameters, candidate.parameters);
        auto result = learning::reduce(reduction, candidate, bench);
        const auto file = run::reduced_model_file(run_, reduction.label);
        std::filesystem::create_directories(file.parent_path());
        write_model_file(file, learning::stored_model(candidate));
        return result;
    }

    /// Throws SpecError for a lever that doesn't fit, without the run's models.
    void check(const spec::Reduction& reduction) const
    {
        auto setting = setting_for(training_of(experiment_, reduction));
        const learning::Workbench whole{setting};
        setting.indices = setting.indices.first(std::min(tried_samples, setting.indices.size()));
        learning::Workbench bench{std::move(setting)};
        auto model = this->model();
        auto parameters = learning::initial_parameters(model, experiment_.seed);
        learning::Candidate candidate{layers(), std::move(model), std::move(parameters)};
        with_context("reductions." + reduction.label, [&] {
            for (const auto& lever : reduction.levers) {
                check_steps(lever, whole);
                const auto tried = std::visit(Tried{}, lever);
                std::visit([&](const auto& kind) { learning::apply(kind, candidate, bench); }, tried);
            }
        });
    }

private:
    /// The model by itself: what its trainings began with is no part of a smaller one.
    [[nodiscard]] spec::ModelSpec layers() const
    {
        auto model = experiment_.model;
        model.start.clear();
        model.frozen_to.clear();
        return model;
    }

    [[nodiscard]] learning::Model model() const
    {
        return learning::build_model(experiment_.model, {data_.channels, data_.height, data_.width, data_.classes});
    }

    [[nodiscard]] learning::WorkbenchSetting setting_for(const spec::Training& training) const
    {
        return std::visit([&](const auto& kind) { return setting_of(kind); }, training.kind);
    }

    template <class Kind>
    [[nodiscard]] learning::WorkbenchSetting setting_of(const Kind& training) const
    {
        learning::WorkbenchSetting setting;
        setting.train = samples_of(data_.train);
        setting.indices = indices_;
        setting.test = validation_ ? samples_of(validation_->view()) : samples_of(data_.test);
        setting.normalization = experiment_.data.normalization;
        setting.optimizer = training.optimizer;
        setting.batch_size = training.batch_size;
        setting.last_batch = training.last_batch;
        setting.seed = experiment_.seed;
        return setting;
    }

    const std::filesystem::path& run_;
    const spec::Experiment& experiment_;
    datasets::Dataset data_;
    std::vector<std::uint32_t> indices_;
    std::optional<datasets::OwnedSplit> validation_;
};

/// Throws SpecError where the run has a reduction of this label that is another one.
void require_same(const spec::Reduction& reduction, const spec::Experiment& experiment,
                  const std::vector<learning::ReductionResult>& present)
{
    const auto other = std::ranges::find(present, reduction.label, &learning::ReductionResult::label);
    if (other == present.end()) return;
    const double rate = std::visit([](const auto& kind) { return kind.optimizer.learning_rate; },
                                   training_of(experiment, reduction).kind);
    spec::Reduction wanted{reduction.label, reduction.training, {}};
    for (const auto& lever : reduction.levers) wanted.levers.push_back(learning::with_rate(lever, rate));
    spec::Reduction there{other->label, other->training, {}};
    for (const auto& step : other->steps) there.levers.push_back(learning::with_rate(step.lever, rate));
    if (spec::to_json(there) != spec::to_json(wanted))
        throw SpecError{
            "reductions." + reduction.label +
            ": the run has another reduction of this label; choose one that it hasn't (--label, or `label` in "
            "the specification), or remove its files from reductions/"};
}

bool looks_at_data(const spec::Lever& lever)
{
    const auto* quantize = std::get_if<spec::Quantize>(&lever);
    return std::visit([](const auto& kind) { return kind.tuning.epochs > 0; }, lever) ||
           (quantize != nullptr && quantize->type == spec::QuantizedType::int8) ||
           std::holds_alternative<spec::Distill>(lever);
}

/// Throws SpecError where a lever would look at the data of a training that keeps them private.
void require_privacy_kept(const spec::Reduction& reduction, const spec::Experiment& experiment)
{
    const auto* federated = std::get_if<spec::Federated>(&training_of(experiment, reduction).kind);
    if (federated == nullptr || !federated->privacy) return;
    if (std::ranges::any_of(reduction.levers, looks_at_data))
        throw SpecError{"reductions." + reduction.label + ": its levers look at the training data as they are, and " +
                        reduction.training +
                        " keeps them private, so that its epsilon would no longer hold; use epochs 0, and no int8"};
}

/// Throws SpecError where the training's model isn't its final one.
void require_ended(const spec::Reduction& reduction, const run::RunSummary& summary)
{
    const auto training = std::ranges::find(summary.trainings, reduction.training, &run::TrainingSummary::label);
    if (training == summary.trainings.end() || training->interrupted())
        throw SpecError{"reductions." + reduction.label + ": the training " + reduction.training +
                        " hasn't ended; go on with it by fedgram run --resume"};
}

std::string words_of(const learning::ReductionResult& result)
{
    const auto kilobytes = [](std::uint64_t bytes) { return text::significant(static_cast<double>(bytes) / 1000); };
    const auto per_cent = [](double share) { return text::fixed(100 * share, 2) + " %"; };
    return "reduction " + result.label + ": " + per_cent(result.before.accuracy) + " -> " +
           per_cent(result.after().accuracy) + ", " + kilobytes(result.before.stored_bytes) + " -> " +
           kilobytes(result.after().stored_bytes) + " kB";
}

}  // namespace

void check_reductions(const spec::Experiment& experiment, const datasets::Dataset& data)
{
    if (experiment.reductions.empty()) return;
    const std::filesystem::path nowhere;
    const Reducer reducer{nowhere, experiment, data};
    for (const auto& reduction : experiment.reductions) {
        require_privacy_kept(reduction, experiment);
        reducer.check(reduction);
    }
}

void run_reductions(const std::filesystem::path& run, const spec::Experiment& experiment,
                    std::span<const spec::Reduction> reductions,
                    const std::optional<std::filesystem::path>& data_folder)
{
    const auto present = run::read_reductions(run);
    const auto is_there = [&](const spec::Reduction& reduction) {
        return std::filesystem::exists(run::reduced_model_file(run, reduction.label)) &&
               std::ranges::count(present, reduction.label, &learning::ReductionResult::label) > 0;
    };
    for (const auto& reduction : reductions) require_same(reduction, experiment, present);
    if (std::ranges::all_of(reductions, is_there)) return;
    const auto summary = run::read_summary(run);
    auto data = datasets::load_cached(experiment.data, data_folder);
    // The file that trainings began with may be gone: the models that they ended with are here.
    run::pin_inputs(run, run::inputs_of(data.name, data.sha256, {}, datasets::sample_facts(data)));
    const Reducer reducer{run, experiment, std::move(data)};
    side_by_side(reductions.size(), energy::usable_cores(), [&](std::size_t number) {
        const auto& reduction = reductions[number];
        if (is_there(reduction)) return;
        require_privacy_kept(reduction, experiment);
        require_ended(reduction, summary);
        const auto result = reducer.make(reduction);
        run::write_reduction(run, result);
        std::cerr << words_of(result) + "\n" << std::flush;
    });
}

}  // namespace fedgram::experiments
