#include "experiments/commands/reduce.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/run/folder_lock.hpp"
#include "common/spec/parse_reduction.hpp"
#include "common/spec/plain_name.hpp"
#include "common/spec/resolve.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/commands/table.hpp"
#include "experiments/commands/trained_run.hpp"
#include "experiments/lookup/priced_run.hpp"
#include "experiments/reducing/run_reductions.hpp"

namespace fedgram::experiments {

namespace {

spec::Reduction reduction_of(const ReduceOptions& options, const spec::Experiment& experiment)
{
    spec::Reduction reduction;
    reduction.training = chosen_training(experiment, options.training).label;
    reduction.label = reduction.training;
    for (const auto& lever : options.levers) {
        reduction.levers.push_back(spec::parse_lever(lever));
        reduction.label += "-" + std::string{name(reduction.levers.back())};
    }
    if (!options.label.empty()) reduction.label = options.label;
    if (!spec::is_plain_name(reduction.label))
        throw SpecError{"--label: \"" + reduction.label + "\" is no name; use " + std::string{spec::plain_name_words}};
    const auto own = std::ranges::find(experiment.reductions, reduction.label, &spec::Reduction::label);
    if (own != experiment.reductions.end() && spec::to_json(*own) != spec::to_json(reduction))
        throw SpecError{"--label: \"" + reduction.label +
                        "\" is another reduction of the run's specification; choose a --label that it hasn't"};
    if (std::ranges::find(experiment.trainings, reduction.label, &spec::Training::label) != experiment.trainings.end())
        throw SpecError{"--label: \"" + reduction.label + "\" is a training's; choose another"};
    return reduction;
}

}  // namespace

int reduce(const ReduceOptions& options)
{
    const auto experiment = experiment_of(options.run);
    spec::check_reducible(experiment);
    auto reductions = experiment.reductions;
    if (options.levers.empty()) {
        if (!options.training.empty() || !options.label.empty())
            throw SpecError{"--training and --label are for --lever; give one, or leave them out"};
        if (reductions.empty())
            throw SpecError{
                "--lever: the run's specification has no reductions; give a lever, as in "
                "--lever prune:sparsity=0.9"};
    } else {
        reductions = {reduction_of(options, experiment)};
    }
    const run::FolderLock kept{options.run, std::chrono::seconds{10}, "another run is at work in it",
                               run::FolderKeeper::launcher};
    run_reductions(options.run, experiment, reductions, options.data_folder);
    write_tables(options.run);
    const auto priced = priced_run(options.run, {});
    std::cout << (options.json ? report::reductions_json(priced.table).dump(2) + "\n"
                               : report::reductions_section(priced.table).substr(1))
              << std::flush;
    return 0;
}

void add_reduce(CommandSet& commands)
{
    const auto options = std::make_shared<ReduceOptions>();
    const auto sub = commands.add(
        "reduce", "Make a run's model smaller by levers, and price what they take and save",
        "  fedgram reduce results/mine --lever prune:sparsity=0.9\n"
        "  fedgram reduce results/mine --training iid --lever prune-filters:fraction=0.5 --lever quantize:type=int8\n"
        "  fedgram reduce results/mine --lever "
        "'factorize:ranks={\"fc1\":32,\"conv2\":[8,16],\"conv1\":\"separable\"}'\n"
        "  fedgram reduce results/mine --lever fine-tune --label control\n"
        "  fedgram reduce results/mine --lever distill:student=mlp-32,epochs=5 --json",
        reduce, options);
    add_run_folder(sub, options->run);
    sub.option("--lever", &options->levers,
               "What is done to the model, with its settings, as in prune:sparsity=0.9,epochs=1; may be repeated, in "
               "order (default: the reductions of the run's specification). "
               "prune: sparsity, scope (global, layer), course (one-shot, iterative, lottery with rounds, gradual with "
               "every_steps). prune-filters: fraction, norm (l1, l2). share-weights: convolution_bits, linear_bits, "
               "index_bits. quantize: type (int8, fp16, bf16); of int8 weights (channel, tensor), calibration "
               "(min-max, percentile with percentile, entropy), calibration_samples. factorize: ranks, which it needs: "
               "an object of layers. distill: student, which it needs: a model; temperature, alpha. fine-tune: "
               "frozen_to, feature_store. Each but fp16 and bf16: epochs, learning_rate, batch_size")
        .type_name("LEVER");
    sub.option("--training", &options->training, "Label of the training whose model it is (default: the first)");
    sub.option("--label", &options->label, "Name of the reduction (default: made of the training's and the levers')");
    add_data_folder(sub, options->data_folder);
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
