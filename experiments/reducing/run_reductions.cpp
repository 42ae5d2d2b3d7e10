#include "experiments/reducing/run_reductions.hpp"

#include <algorithm>
#include <iostream>

#include "common/error/error.hpp"
#include "common/learning/levers/reduce.hpp"
#include "common/learning/levers/stored_model.hpp"
#include "common/learning/torchscript/stored_parameters.hpp"
#include "common/run/inputs.hpp"
#include "common/run/reduction_file.hpp"
#include "common/text/number_text.hpp"
#include "datasets/partition/chosen_samples.hpp"
#include "datasets/partition/federation.hpp"
#include "datasets/readers/sample_facts.hpp"
#include "datasets/sharing/data_cache.hpp"

namespace fedgram::experiments {

namespace {

learning::Samples samples_of(const datasets::Split& split) { return {split.pixels, split.labels, split.values}; }

/// How many passes over the data a training from the first parameters may take.
std::uint32_t epochs_of(const spec::Centralized& training) { return training.max_epochs; }
std::uint32_t epochs_of(const spec::Federated& training) { return training.max_rounds * training.local_epochs; }

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
        const auto training = std::ranges::find(experiment_.trainings, reduction.training, &spec::Training::label);
        learning::Workbench bench{std::visit([&](const auto& kind) { return setting_of(kind); }, training->kind)};
        auto model =
            learning::build_model(experiment_.model, {data_.channels, data_.height, data_.width, data_.classes});
        auto parameters = learning::torchscript::stored_parameters(model, run_ / (reduction.training + ".pt"));
        learning::Candidate candidate{experiment_.model, std::move(model), std::move(parameters)};
        auto result = learning::reduce(reduction, candidate, bench);
        const auto file = run::reduced_model_file(run_, reduction.label);
        std::filesystem::create_directories(file.parent_path());
        write_model_file(file, learning::stored_model(candidate));
        return result;
    }

private:
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
        setting.epochs = epochs_of(training);
        setting.seed = experiment_.seed;
        return setting;
    }

    const std::filesystem::path& run_;
    const spec::Experiment& experiment_;
    datasets::Dataset data_;
    std::vector<std::uint32_t> indices_;
    std::optional<datasets::OwnedSplit> validation_;
};

std::string words_of(const learning::ReductionResult& result)
{
    const auto kilobytes = [](std::uint64_t bytes) { return text::significant(static_cast<double>(bytes) / 1000); };
    return "reduction " + result.label + ": " + text::percent(result.before.accuracy) + " -> " +
           text::percent(result.after().accuracy) + ", " + kilobytes(result.before.stored_bytes) + " -> " +
           kilobytes(result.after().stored_bytes) + " kB";
}

}  // namespace

void run_reductions(const std::filesystem::path& run, const spec::Experiment& experiment,
                    std::span<const spec::Reduction> reductions,
                    const std::optional<std::filesystem::path>& data_folder)
{
    const auto is_there = [&](const spec::Reduction& reduction) {
        return std::filesystem::exists(run::reduction_file(run, reduction.label));
    };
    if (std::ranges::all_of(reductions, is_there)) return;
    auto data = datasets::load_cached(experiment.data, data_folder);
    run::pin_inputs(run,
                    run::inputs_of(data.name, data.sha256, experiment.model.torchscript, datasets::sample_facts(data)));
    const Reducer reducer{run, experiment, std::move(data)};
    for (const auto& reduction : reductions) {
        if (is_there(reduction)) continue;
        const auto result = reducer.make(reduction);
        run::write_reduction(run, result);
        std::cerr << words_of(result) << std::endl;
    }
}

}  // namespace fedgram::experiments
