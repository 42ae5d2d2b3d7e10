#include "experiments/commands/coordinates.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/learning/coordinates/coordinate_check.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/words.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "datasets/partition/federation.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

// Of one parametrization.
struct Checked {
    spec::Parametrization parametrization = spec::Parametrization::standard;
    std::vector<learning::LayerCoordinates> layers;
};

const spec::Training& chosen_training(const spec::Experiment& experiment, const std::string& label)
{
    if (label.empty()) return experiment.trainings.front();
    const auto found = std::ranges::find(experiment.trainings, label, &spec::Training::label);
    if (found != experiment.trainings.end()) return *found;
    std::vector<std::string> labels;
    for (const auto& training : experiment.trainings) labels.push_back(training.label);
    throw SpecError{"--training: no training is labelled \"" + label + "\"; use one of " + text::joined(labels)};
}

std::vector<double> ascending(std::vector<double> widths)
{
    for (const double width : widths)
        if (!spec::model_width.contains(width))
            throw SpecError{"--widths: " + text::shortest(width) + " is not valid; use " + spec::model_width.text()};
    std::ranges::sort(widths);
    // Not std::ranges::unique, whose result Clang 14 doesn't compile.
    widths.erase(std::unique(widths.begin(), widths.end()), widths.end());
    if (widths.size() < 2) throw SpecError{"--widths: give at least two that differ, as in 0.25,0.5,1,2"};
    return widths;
}

learning::CoordinateTrial trial_of(const CoordinatesOptions& options, const spec::Experiment& experiment,
                                   const datasets::Dataset& data)
{
    learning::CoordinateTrial trial;
    trial.layers = experiment.model.layers;
    trial.shape = {data.channels, data.height, data.width, data.classes};
    trial.widths = ascending(options.widths);
    trial.steps = options.steps;
    trial.seed = experiment.seed;
    trial.seeds = options.seeds;
    std::visit(
        [&](const auto& training) {
            trial.batch_size = training.batch_size;
            trial.optimizer = training.optimizer;
        },
        chosen_training(experiment, options.training).kind);
    if (options.rate && !spec::above_zero.contains(*options.rate))
        throw SpecError{"--rate: " + text::shortest(*options.rate) + " is not valid; use " + spec::above_zero.text()};
    if (options.rate) trial.optimizer.learning_rate = *options.rate;
    return trial;
}

std::string number(double value) { return std::isfinite(value) ? text::significant(value) : "diverged"; }

std::string title(spec::Parametrization parametrization)
{
    return parametrization == spec::Parametrization::mup ? "muP" : "standard parametrization";
}

std::string table_text(const Checked& checked, const std::vector<double>& widths)
{
    std::vector<std::string> heading{"layer", "steps"};
    for (const double width : widths) heading.push_back("width " + text::shortest(width));
    heading.emplace_back("growth");
    text::TextTable table{heading};
    for (const auto& layer : checked.layers)
        for (std::size_t steps = 0; steps < layer.by_steps.size(); ++steps) {
            const auto& by_width = layer.by_steps[steps];
            std::vector<std::string> row{layer.layer, std::to_string(steps)};
            for (const double value : by_width) row.push_back(number(value));
            row.push_back(number(learning::growth(by_width)));
            table.add(std::move(row));
        }
    return title(checked.parametrization) + "\n" + table.text();
}

std::string verdict_text(const Checked& checked, const std::vector<double>& widths)
{
    const auto largest = learning::largest_change(checked.layers);
    const auto verdict = title(checked.parametrization) + (largest.is_flat() ? ": flat" : ": not flat") +
                         "; from width " + text::shortest(widths.front()) + " to " + text::shortest(widths.back());
    const auto by = largest.layer + ", x" + number(largest.growth);
    if (largest.is_flat())
        return verdict + " no layer's outputs change by more than a factor of 2 (most: " + by + ")\n";
    if (!std::isfinite(largest.growth)) return verdict + " the outputs of " + largest.layer + " diverge\n";
    if (largest.growth < 1) return verdict + " outputs shrink (most: " + by + ")\n";
    return verdict + " outputs grow (most: " + by + "), so that a rate for one width doesn't suit another\n";
}

ordered_json checked_json(const Checked& checked)
{
    const auto largest = learning::largest_change(checked.layers);
    ordered_json json{
        {"parametrization", spec::parametrization_words[static_cast<std::size_t>(checked.parametrization)]},
        {"flat", largest.is_flat()},
        {"largest_change", {{"layer", largest.layer}, {"growth", largest.growth}}},
        {"layers", ordered_json::array()}};
    for (const auto& layer : checked.layers) {
        auto& item = json["layers"].emplace_back(ordered_json{{"layer", layer.layer}});
        for (std::size_t steps = 0; steps < layer.by_steps.size(); ++steps)
            item["by_steps"].push_back({{"steps", steps},
                                        {"mean_output", layer.by_steps[steps]},
                                        {"growth", learning::growth(layer.by_steps[steps])}});
    }
    return json;
}

std::string optimizer_word(const learning::CoordinateTrial& trial)
{
    return std::string{spec::optimizer_words[static_cast<std::size_t>(trial.optimizer.kind)]};
}

ordered_json json_of(const std::string& name, const std::string& model, const learning::CoordinateTrial& trial,
                     const std::vector<Checked>& all)
{
    ordered_json json;
    json["spec"] = name;
    json["model"] = model;
    json["optimizer"] = optimizer_word(trial);
    json["learning_rate"] = trial.optimizer.learning_rate;
    json["batch_size"] = trial.batch_size;
    json["seed"] = trial.seed;
    json["seeds"] = trial.seeds;
    json["widths"] = trial.widths;
    for (const auto& checked : all) json["parametrizations"].push_back(checked_json(checked));
    return json;
}

std::string text_of(const std::string& model, const learning::CoordinateTrial& trial, const std::vector<Checked>& all)
{
    std::string text = "Mean magnitude of what each layer gives, before its activation: " + model + " by " +
                       optimizer_word(trial) + " at a rate of " + text::shortest(trial.optimizer.learning_rate) +
                       ", batches of " + std::to_string(trial.batch_size) + ", mean over " +
                       std::to_string(trial.seeds) + (trial.seeds == 1 ? " seed" : " seeds") + "\n";
    for (const auto& checked : all) text += "\n" + table_text(checked, trial.widths);
    text += "\n";
    for (const auto& checked : all) text += verdict_text(checked, trial.widths);
    // By the standard parametrization a step moves a wide model's outputs more: none that grow are none that moved.
    if (learning::largest_change(all.back().layers).growth <= 2)
        text += "At this rate so few steps move too little to tell the two apart; give a larger --rate\n";
    return text;
}

}  // namespace

int coordinates(const CoordinatesOptions& options)
{
    auto experiment = read_specification(options.choice);
    if (!experiment.model.torchscript.empty())
        throw SpecError{"model.torchscript: " + experiment.model.torchscript +
                        " has one width alone; use a built-in model or layers"};
    // Once it is resolved, its own width is in its name.
    const auto model = experiment.model.name.empty() ? "a user's model" : experiment.model.name;
    choose_dataset(experiment, options.choice.data_folder);
    const auto data = datasets::load_cached(experiment.data, options.choice.data_folder);
    resolve(experiment, data);
    const auto trial = trial_of(options, experiment, data);
    const auto indices = datasets::training_indices(data, experiment);
    std::vector<Checked> all;
    for (const auto parametrization : {spec::Parametrization::mup, spec::Parametrization::standard})
        all.push_back({parametrization, learning::coordinates(trial, parametrization,
                                                              {data.train.pixels, data.train.labels, data.train.values},
                                                              indices, experiment.data.normalization)});

    std::cout << (options.json ? json_of(experiment.name, model, trial, all).dump(2) + "\n"
                               : text_of(model, trial, all));
    return 0;
}

void add_coordinates(CommandSet& commands)
{
    const auto options = std::make_shared<CoordinatesOptions>();
    const auto sub = commands.add(
        "coordinates", "Check that a model's learning rate holds at every width: by muP, beside the standard way",
        "  fedgram coordinates learning-rates --rate 0.01\n"
        "  fedgram coordinates table4 --rate 0.2\n"
        "  fedgram coordinates my.json --widths 0.25,1,4 --steps 5 --json",
        coordinates, options);
    add_choice(sub, options->choice);
    sub.option("--training", &options->training,
               "Label of the training whose optimizer and batches it takes (default: the first)");
    sub.option("--widths", &options->widths, "Times the model's channels and features, but for its last layer")
        .comma_list()
        .shows_default();
    sub.option("--steps", &options->steps, "Steps that each width is trained for").between(1U, 1000U).shows_default();
    sub.option("--seeds", &options->seeds,
               "Seeds of the initial parameters, from the specification's on, for the means")
        .between(1U, 1000U)
        .shows_default();
    sub.option("--rate", &options->rate, "Learning rate (default: the training's); a large one shows most");
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
