#include "experiments/analyzing/served_model.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/learning/levers/inference_work.hpp"
#include "common/learning/levers/stored_model.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/model/model.hpp"
#include "common/learning/model_file/model_file.hpp"
#include "common/learning/networks/network.hpp"
#include "common/run/final_model.hpp"
#include "common/run/model_shape.hpp"
#include "common/run/reduction_file.hpp"
#include "common/run/summary.hpp"
#include "common/text/joined.hpp"
#include "common/text/nearest_names.hpp"
#include "common/text/printable.hpp"

namespace fedgram::experiments {

namespace {

using energy::Arithmetic;

constexpr std::string_view trained = "float32";

/// As it is computed at batch 1 in float32, or in int8.
struct Costs {
    std::uint64_t macs;
    std::uint64_t weight_bytes;
    std::uint64_t activation_bytes;
    std::uint64_t peak_activation_bytes;
    std::string peak_operator;
};

// A server's compiler computes these with the layer ahead of them, so that nothing of theirs is moved.
bool is_fused(const spec::Layer& layer)
{
    return std::holds_alternative<spec::Relu>(layer) || std::holds_alternative<spec::Relu6>(layer) ||
           std::holds_alternative<spec::Tanh>(layer) || std::holds_alternative<spec::BatchNorm>(layer) ||
           std::holds_alternative<spec::Dropout>(layer);
}

bool is_fused(const learning::Operation& operation)
{
    constexpr std::array<std::string_view, 3> names{"relu", "batch normalization", "dropout"};
    return std::ranges::find(names, operation.name) != names.end();
}

Costs costs_of(const learning::InferenceWork& work, const learning::Model& model)
{
    std::uint64_t moved = 0;
    for (const auto* layer : learning::all_layers(model))
        if (!is_fused(layer->layer)) moved += layer->forward_bytes;
    return {(work.float_ops + work.int8_ops) / 2, work.weight_bytes, work.int8_ops > 0 ? moved / sizeof(float) : moved,
            work.peak_activation_bytes, work.peak_operator};
}

// What isn't trained here has no plan of its activations: the operation that reads and writes most holds its own.
Costs costs_of(const learning::Network& network)
{
    const auto sum = network.sum();
    std::uint64_t moved = 0;
    learning::Operation largest;
    for (const auto& operation : network.operations) {
        if (is_fused(operation)) continue;
        moved += operation.forward_bytes;
        if (operation.forward_bytes > largest.forward_bytes) largest = operation;
    }
    return {sum.forward_flops / 2, sum.parameters * sizeof(float), moved, largest.forward_bytes, largest.name};
}

ServedVariant variant_of(const std::string& name, const Costs& costs, Arithmetic stored, Arithmetic computed,
                         std::optional<double> accuracy)
{
    const auto in = [&](std::uint64_t bytes) { return bytes * bytes_of(computed) / bytes_of(stored); };
    ServedVariant variant;
    variant.variant = {name, std::string{energy::name(computed)}, accuracy, Bytes{in(costs.weight_bytes)}};
    variant.demand = {computed, costs.macs, in(costs.weight_bytes), in(costs.activation_bytes),
                      in(costs.peak_activation_bytes)};
    variant.peak_operator = costs.peak_operator;
    return variant;
}

// Accuracy was measured in float32.
void add_float(ServedModel& model, const std::string& name, const Costs& costs, double accuracy,
               const std::vector<Arithmetic>& numbers)
{
    for (const auto arithmetic : numbers) {
        const bool is_measured = arithmetic == Arithmetic::fp32;
        model.variants.push_back(variant_of(is_measured ? name : name + " in " + std::string{energy::name(arithmetic)},
                                            costs, Arithmetic::fp32, arithmetic,
                                            is_measured ? std::optional{accuracy} : std::nullopt));
    }
}

Costs costs_of(const spec::ModelSpec& spec, const learning::Model& model)
{
    return costs_of(learning::inference_work({.spec = spec, .model = model, .parameters = {}}), model);
}

}  // namespace

energy::MemoryNeed ServedVariant::memory(std::uint32_t batch) const
{
    return {demand.weight_bytes, demand.peak_activation_bytes * batch, peak_operator};
}

std::vector<std::size_t> places_of_variants(const ServedModel& model)
{
    std::vector<std::size_t> places(model.variants.size());
    std::iota(places.begin(), places.end(), 0U);
    return places;
}

ServedModel model_of_run(const std::filesystem::path& run, const spec::Experiment& experiment,
                         const std::string& training, const std::vector<Arithmetic>& numbers)
{
    if (!experiment.model.torchscript.empty())
        throw SpecError{"model.torchscript: " + experiment.model.torchscript +
                        " isn't served, as what it holds in memory isn't known; use a model of layers"};
    const auto summary = run::read_summary(run);
    if (const auto why = run::why_no_final_model(summary, training); !why.empty())
        throw DataError{run.string() + ": " + training + " has no final model: it " + why +
                        "; choose another --training, or finish the run"};
    const auto ended = std::ranges::find(summary.trainings, training, &run::TrainingSummary::label);
    ServedModel model{training + " of " + text::printable(run.string()), {}};
    const auto whole = learning::build_model(experiment.model, run::model_shape(run));
    add_float(model, std::string{trained}, costs_of(experiment.model, whole), ended->test_accuracy, numbers);
    for (const auto& reduction : run::read_reductions(run)) {
        if (reduction.training != training) continue;
        const auto& figures = reduction.after();
        const auto stored = run::reduced_model_file(run, reduction.label);
        const auto reduced = with_context<DataError>(
            stored.string(), [&] { return learning::restored(learning::read_model_file(stored)); });
        const auto costs = costs_of(figures.inference, reduced.model);
        if (figures.inference.int8_ops == 0)
            add_float(model, reduction.label, costs, figures.accuracy, numbers);
        else
            model.variants.push_back(
                variant_of(reduction.label, costs, Arithmetic::int8, Arithmetic::int8, figures.accuracy));
    }
    return model;
}

std::vector<std::filesystem::path> files_of_variants(const std::filesystem::path& run, const std::string& training,
                                                     const ServedModel& model)
{
    std::vector<std::filesystem::path> files{run / (training + ".pt")};
    for (const auto& reduced : std::span{model.variants}.subspan(1))
        files.push_back(run::reduced_model_file(run, reduced.variant.name));
    return files;
}

ServedModel model_by_costs(const std::string& name, const std::vector<Arithmetic>& numbers)
{
    ServedModel model{name, {}};
    const learning::Shape shape;
    std::optional<Costs> costs;
    if (auto layers = learning::builtin_layers(name, shape.classes)) {
        const spec::ModelSpec spec{.name = name, .layers = std::move(*layers), .torchscript = {}};
        costs = costs_of(spec, learning::build_model(spec, shape));
    } else if (const auto known = learning::network_names(); std::ranges::find(known, name) != known.end()) {
        costs = costs_of(learning::network(name));
    } else {
        const auto names = names_with_costs();
        const auto near = text::did_you_mean(name, names);
        throw SpecError{"\"" + name + "\" is neither the folder of a run nor a model; " + near +
                        (near.empty() ? "" : " ") + "use a run's folder, or one of " + text::joined(names)};
    }
    for (const auto arithmetic : numbers)
        model.variants.push_back(
            variant_of(std::string{energy::name(arithmetic)}, *costs, Arithmetic::fp32, arithmetic, {}));
    return model;
}

std::vector<std::string> names_with_costs()
{
    auto names = learning::builtin_model_names();
    for (auto& name : learning::network_names())
        if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    return names;
}

std::string why_no_accuracy(const ServedModel& model)
{
    const bool is_known =
        std::ranges::any_of(model.variants, [](const ServedVariant& one) { return one.variant.accuracy.has_value(); });
    return is_known ? std::string{}
                    : "nobody evaluated " + model.name + "; give the folder of a run, as it was trained or reduced";
}

}  // namespace fedgram::experiments
