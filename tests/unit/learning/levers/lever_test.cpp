#include "common/learning/levers/lever.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/levers/masked_weights.hpp"
#include "common/learning/levers/model_figures.hpp"
#include "common/learning/levers/viewed_network.hpp"
#include "common/learning/model/beginning.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/pruning/density.hpp"
#include "tests/unit/learning/levers/lever_bench.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::test;

namespace {

double density_of(const Candidate& candidate)
{
    return total(densities(candidate.model.parameters, candidate.parameters)).density();
}

}  // namespace

TEST_CASE("The model that levers are tried on has learned its task", "[levers]")
{
    CHECK(LeverBench{}.accuracy() > 0.9);
    CHECK(LeverBench{quarter_residuals()}.accuracy() > 0.9);
}

TEST_CASE("Pruned weights stay 0 through momentum and weight decay", "[levers]")
{
    LeverBench on;
    apply(spec::Prune{.sparsity = 0.75, .tuning = {.epochs = 2}}, on.candidate, on.bench);
    REQUIRE(on.candidate.mask);
    for (std::size_t i = 0; i < on.candidate.parameters.size(); ++i)
        if (!on.candidate.mask->keeps(i)) REQUIRE(on.candidate.parameters[i] == 0);
    CHECK(density_of(on.candidate) == Approx(0.25).margin(0.002));
    CHECK(on.accuracy() > 0.8);
}

TEST_CASE("Pruning again counts what is gone, and every course ends at its sparsity", "[levers]")
{
    for (const auto course : {spec::PruningCourse::one_shot, spec::PruningCourse::iterative,
                              spec::PruningCourse::lottery, spec::PruningCourse::gradual}) {
        CAPTURE(static_cast<int>(course));
        LeverBench on;
        apply(spec::Prune{.sparsity = 0.5, .tuning = {.epochs = 0}}, on.candidate, on.bench);
        const auto first = *on.candidate.mask;
        apply(spec::Prune{.sparsity = 0.8, .course = course, .rounds = 2, .every_steps = 3, .tuning = {.epochs = 1}},
              on.candidate, on.bench);
        CHECK(density_of(on.candidate) == Approx(0.2).margin(0.002));
        for (std::size_t i = 0; i < first.size(); ++i)
            if (!first.keeps(i)) REQUIRE_FALSE(on.candidate.mask->keeps(i));
    }
}

TEST_CASE("A lottery ticket learns from the first parameters, once in each round", "[levers]")
{
    LeverBench on;
    const auto cost = apply(spec::Prune{.sparsity = 0.5,
                                        .course = spec::PruningCourse::lottery,
                                        .rounds = 3,
                                        .tuning = {.epochs = 1, .learning_rate = 1e-30}},
                            on.candidate, on.bench);
    auto expected = initial_parameters(on.candidate.model, 1);
    on.candidate.mask->apply(expected);
    CHECK(on.candidate.parameters == expected);
    CHECK(cost.tuning.samples == 3 * 200);
}

TEST_CASE("Filters that go make the layers smaller", "[levers]")
{
    LeverBench on;
    const auto before = on.candidate.model.cost.forward_flops;
    apply(spec::PruneFilters{.fraction = 0.5, .tuning = {.epochs = 3}}, on.candidate, on.bench);
    CHECK(std::get<spec::Conv2d>(on.candidate.model.layers[0].layer).channels == 3);
    CHECK(on.candidate.model.cost.forward_flops < before / 2);
    CHECK(on.accuracy() > 0.6);  // of chance 0.25
}

TEST_CASE("Filters go within residuals and with depthwise channels, and a convolution becomes a separable one",
          "[levers]")
{
    using namespace spec;
    LeverBench on;
    on.candidate.spec = {
        .name = "newer",
        .layers = {Conv2d{.channels = 8, .kernel = 3, .padding = 1, .bias = false}, BatchNorm{}, Relu{},
                   Conv2d{.channels = 8, .kernel = 3, .stride = 2, .padding = 1, .groups = 8}, BatchNorm{}, Relu6{},
                   Conv2d{8, 1}, BatchNorm{}, Relu{},
                   Residual{{Conv2d{8, 3, 1, 1}, BatchNorm{}, Relu{}, Conv2d{8, 3, 1, 1}, BatchNorm{}}}, Relu{},
                   Flatten{}, Linear{4}}};
    on.candidate.model = build_model(on.candidate.spec, quarter_shape);
    on.candidate.parameters = initial_parameters(on.candidate.model, 1);
    on.bench.tune(on.candidate.model, on.candidate.parameters, {.epochs = 3});
    REQUIRE(on.accuracy() > 0.9);
    const auto before = on.candidate.model.parameters.size;
    apply(PruneFilters{.fraction = 0.25, .tuning = {.epochs = 2}}, on.candidate, on.bench);
    // By hand: 2 x (9 + 4) of conv1, 2 x (10 + 4) of conv2, 2 x 8 of conv3's weights; 2 x (72 + 1 + 4 + 72) in the
    // block.
    CHECK(before - on.candidate.model.parameters.size == 26 + 28 + 16 + 298);
    CHECK(on.accuracy() > 0.8);
    apply(Factorize{.layers = {{.layer = "residual1.conv4", .form = FactorForm::separable}}}, on.candidate, on.bench);
    // 8 x 6 x 9 weights become 8 x (9 + 6).
    CHECK(before - on.candidate.model.parameters.size == 368 + 432 - 120);
    CHECK(on.accuracy() > 0.8);
}

TEST_CASE("A model without filters that can go says so", "[levers]")
{
    LeverBench on;
    on.candidate.spec = {.name = "flat", .layers = {spec::Flatten{}, spec::Linear{4}}};
    on.candidate.model = build_model(on.candidate.spec, quarter_shape);
    on.candidate.parameters = initial_parameters(on.candidate.model, 1);
    CHECK(
        thrown<SpecError>([&] { apply(spec::PruneFilters{}, on.candidate, on.bench); }) ==
        "the model has no filters that can go: its layers' channels are the classes, or those that a residual needs or "
        "adds to others; prune weights instead");
    LeverBench small;
    CHECK(thrown<SpecError>([&] { apply(spec::PruneFilters{.fraction = 0.01}, small.candidate, small.bench); }) ==
          "prune-filters: no layer loses a filter; use a larger fraction");
}

TEST_CASE("Weights that share a value go on sharing it while it learns", "[levers]")
{
    LeverBench on;
    apply(spec::Prune{.sparsity = 0.5, .tuning = {.epochs = 0}}, on.candidate, on.bench);
    apply(spec::ShareWeights{.convolution_bits = 3, .linear_bits = 3, .tuning = {.epochs = 1}}, on.candidate, on.bench);
    for (const auto& slot : on.candidate.model.parameters.slots) {
        if (!is_prunable(slot)) continue;
        const auto begin = on.candidate.parameters.begin() + static_cast<std::ptrdiff_t>(slot.offset);
        std::vector<float> values(begin, begin + static_cast<std::ptrdiff_t>(slot.size));
        std::ranges::sort(values);
        values.erase(std::unique(values.begin(), values.end()), values.end());
        CHECK(values.size() <= 8);
    }
    CHECK(density_of(on.candidate) == Approx(0.5).margin(0.002));
}

TEST_CASE("Behind frozen layers the rest learns the same with a feature store and without", "[levers]")
{
    LeverBench with;
    LeverBench without;
    const auto frozen = with.candidate.parameters;
    const auto kept = apply(spec::FineTune{.frozen_to = "conv2", .tuning = {.epochs = 2}}, with.candidate, with.bench);
    const auto again = apply(spec::FineTune{.frozen_to = "conv2", .feature_store = false, .tuning = {.epochs = 2}},
                             without.candidate, without.bench);
    CHECK(with.candidate.parameters == without.candidate.parameters);
    const auto first_linear = with.candidate.model.parameters.slots[4].offset;
    CHECK(std::equal(frozen.begin(), frozen.begin() + static_cast<std::ptrdiff_t>(first_linear),
                     with.candidate.parameters.begin()));
    CHECK(with.candidate.parameters != frozen);
    CHECK(kept.tuning == again.tuning);
    CHECK(again.passes.flops == 2 * kept.passes.flops);
    CHECK(kept.kept_bytes == 200 * 32 * sizeof(float));  // 8 channels of 2 x 2
    CHECK(again.kept_bytes == 0);
}

// Of small-cnn, by hand: 1,218,048 multiply-accumulates forward, 1,016,064 of them in the convolutions.
TEST_CASE("Frozen convolutions of small-cnn cost what their forward pass does, and nothing once features are kept",
          "[levers]")
{
    LeverBench on;
    on.candidate.spec = {.name = "small-cnn", .layers = *builtin_layers("small-cnn", 4)};
    on.candidate.model = build_model(on.candidate.spec, quarter_shape);
    on.candidate.parameters = initial_parameters(on.candidate.model, 1);
    const auto& layers = on.candidate.model.layers;
    const auto whole = on.candidate.model.cost;
    const auto conv = layers[0].forward_flops + layers[3].forward_flops;
    const auto linear = whole.forward_flops - conv;
    const auto last = layers[9].forward_flops;
    const auto cost = apply(spec::FineTune{.frozen_to = "conv2", .tuning = {.epochs = 1}}, on.candidate, on.bench);
    CHECK(cost.passes.flops == 200 * conv);
    CHECK(cost.tuning.flops == 200 * (2 * linear + last));  // forward, weights, and the last layer's input
}

TEST_CASE("A student learns from its teacher's logits, which are computed once", "[levers]")
{
    LeverBench on;
    const auto teacher = on.candidate.model;
    const auto cost =
        apply(spec::Distill{.student = {.layers = {spec::Flatten{}, spec::Linear{8}, spec::Relu{}, spec::Linear{4}}}},
              on.candidate, on.bench);
    CHECK(cost.passes.flops == 200 * teacher.cost.forward_flops);
    CHECK(cost.tuning.samples == 5 * 200);
    CHECK(cost.kept_bytes == 200 * 4 * sizeof(float));
    CHECK(on.candidate.model.parameters.size == 64 * 8 + 8 + 8 * 4 + 4);
    CHECK(on.accuracy() > 0.8);
}

TEST_CASE("Training through codes takes the ranges that it has seen, and its weights are those of their codes",
          "[levers]")
{
    LeverBench on;
    const auto cost = apply(spec::Quantize{.calibration_samples = 50, .tuning = {.epochs = 1}}, on.candidate, on.bench);
    REQUIRE(on.candidate.int8);
    CHECK(cost.passes == energy::Work{});  // nothing is calibrated
    CHECK(cost.tuning.samples == 200);
    const auto& layer = on.candidate.int8->layers.front();
    for (std::size_t i = 0; i < layer.weights.size(); ++i)
        CHECK(on.candidate.parameters[i] ==
              Approx(layer.weights[i] * layer.weight_scales[i / 9]).margin(layer.weight_scales[i / 9] * 1e-3));
}

TEST_CASE("Calibrated int8 is what its samples cost, and no training", "[levers]")
{
    LeverBench on;
    const auto cost = apply(spec::Quantize{.calibration_samples = 50}, on.candidate, on.bench);
    CHECK(cost.passes.samples == 50);
    CHECK(cost.tuning == energy::Work{});
}

TEST_CASE("Int8 that has trained through codes is no less accurate than calibrated int8", "[levers]")
{
    const auto accuracy = [](const spec::Quantize& lever) {
        LeverBench on;
        apply(spec::Prune{.sparsity = 0.8, .tuning = {.epochs = 1}}, on.candidate, on.bench);
        apply(lever, on.candidate, on.bench);
        const auto& mask = *on.candidate.mask;
        for (std::size_t i = 0; i < on.candidate.int8->layers[0].weights.size(); ++i)
            if (!mask.keeps(i)) REQUIRE(on.candidate.int8->layers[0].weights[i] == 0);
        return model_figures(on.candidate, on.bench).accuracy;
    };
    for (const auto weights : {spec::QuantizerScope::tensor, spec::QuantizerScope::channel}) {
        const auto calibrated = accuracy({.weights = weights});
        const auto trained = accuracy({.weights = weights, .tuning = {.epochs = 3}});
        CAPTURE(calibrated, trained);
        CHECK(trained >= calibrated);
        CHECK(trained > 0.9);
    }
}

TEST_CASE("Int8 makes batch normalizations part of their convolutions, and floats stay the same", "[levers]")
{
    LeverBench on{quarter_residuals()};
    const auto flops = on.candidate.model.cost.forward_flops;
    const auto before = on.bench.outputs(on.candidate.model, on.candidate.parameters, 50);
    apply(spec::Quantize{.calibration_samples = 50}, on.candidate, on.bench);
    const auto after = on.bench.outputs(on.candidate.model, on.candidate.parameters, 50);
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(after[i] == Approx(before[i]).epsilon(1e-4).margin(1e-4));
    CHECK(on.candidate.model.cost.forward_flops == flops);
    CHECK(on.candidate.spec.layers.size() == on.candidate.model.layers.size());
    for (const auto* layer : all_layers(on.candidate.model))
        CHECK_FALSE(std::holds_alternative<spec::BatchNorm>(layer->layer));
}

TEST_CASE("An addition's codes cover what was observed of its sums behind their activation", "[levers]")
{
    LeverBench on{quarter_residuals()};
    apply(spec::Quantize{.calibration_samples = 50}, on.candidate, on.bench);
    const auto& model = on.candidate.model;
    const auto largest = [&](const LayerInfo& layer) {
        return std::ranges::max(on.bench.outputs(beginning(model, layer), on.candidate.parameters, 50));
    };
    REQUIRE(on.candidate.int8->additions.size() == 2);
    CHECK(255 * on.candidate.int8->additions[0].scale == Approx(largest(model.layers[3])));
    CHECK(255 * on.candidate.int8->additions[1].scale == Approx(largest(model.layers[5])));
    CHECK(on.candidate.int8->additions[1].zero_point == 0);
}

TEST_CASE("A model with residuals trains through its codes, sums included", "[levers]")
{
    const auto quantized = [](std::uint32_t epochs) {
        LeverBench on{quarter_residuals()};
        apply(spec::Quantize{.weights = spec::QuantizerScope::tensor, .tuning = {.epochs = epochs}}, on.candidate,
              on.bench);
        return std::pair{on.candidate.int8->additions, model_figures(on.candidate, on.bench).accuracy};
    };
    const auto [calibrated, accuracy] = quantized(0);
    const auto [trained, trained_accuracy] = quantized(3);
    REQUIRE(trained.size() == calibrated.size());
    CHECK_FALSE(trained == calibrated);  // the ranges that it has trained with
    for (std::size_t i = 0; i < trained.size(); ++i) {
        CAPTURE(i, trained[i].scale, calibrated[i].scale);
        CHECK(trained[i].scale == Approx(calibrated[i].scale).epsilon(.5));
    }
    CHECK(trained_accuracy >= accuracy);
}

TEST_CASE("Weights that are pruned stay so where batch normalizations are folded", "[levers]")
{
    LeverBench on{quarter_residuals()};
    apply(spec::Prune{.sparsity = 0.6, .tuning = {.epochs = 1}}, on.candidate, on.bench);
    const auto before = densities(on.candidate.model.parameters, *on.candidate.mask);
    apply(spec::Quantize{.calibration_samples = 50, .tuning = {.epochs = 1}}, on.candidate, on.bench);
    const auto& mask = *on.candidate.mask;
    REQUIRE(mask.size() == on.candidate.model.parameters.size);
    CHECK(total(densities(on.candidate.model.parameters, mask)).kept == total(before).kept);
    CHECK(density_of(on.candidate) == Approx(0.4).margin(0.002));
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (!mask.keeps(i)) REQUIRE(on.candidate.parameters[i] == 0);
}

TEST_CASE("A batch normalization that can't be folded keeps a model from int8, and a group normalization does",
          "[levers]")
{
    const auto refused = [](std::vector<spec::Layer> layers) {
        LeverBench on;
        on.candidate.spec = {.layers = std::move(layers)};
        on.candidate.model = build_model(on.candidate.spec, quarter_shape);
        on.candidate.parameters = initial_parameters(on.candidate.model, 1);
        return thrown<SpecError>([&] { apply(spec::Quantize{}, on.candidate, on.bench); });
    };
    const spec::Conv2d conv{.channels = 2, .kernel = 8};
    CHECK(refused({conv, spec::Relu{}, spec::BatchNorm{}, spec::Flatten{}, spec::Linear{4}}) ==
          "model.layers[2]: batch_norm can't be folded: it isn't directly behind a conv2d; move it there");
    CHECK_THAT(refused({conv, spec::GroupNorm{1}, spec::Flatten{}, spec::Linear{4}}),
               Catch::Matchers::Contains("model.layers[1]: group_norm can't be quantized to int8"));
    // The engine's own word, here and not once a training has ended.
    const spec::Residual features_and_image{.layers = {spec::Conv2d{2, 1}, spec::Flatten{}},
                                            .shortcut = {spec::Flatten{}, spec::Linear{128}}};
    CHECK_THAT(refused({spec::Conv2d{2, 1}, features_and_image, spec::Linear{4}}),
               Catch::Matchers::Contains("int8 layer residual1: it adds a flattened image to features"));
}

TEST_CASE("Factors are trained on", "[levers]")
{
    LeverBench on;
    apply(spec::Factorize{.layers = {{.layer = "fc1", .ranks = {4}}}}, on.candidate, on.bench);
    CHECK(on.candidate.model.parameters.size < build_model(quarter_model(), quarter_shape).parameters.size);
    CHECK(on.accuracy() > 0.8);
}

TEST_CASE("Levers in an order that has no meaning are refused", "[levers]")
{
    LeverBench on;
    apply(spec::Prune{.sparsity = 0.5, .tuning = {.epochs = 0}}, on.candidate, on.bench);
    CHECK(thrown<SpecError>([&] { apply(spec::PruneFilters{}, on.candidate, on.bench); }) ==
          "prune-filters: it makes other layers, in which pruned weights have no place; put it before prune");
    apply(spec::Quantize{.type = spec::QuantizedType::bf16}, on.candidate, on.bench);
    CHECK(thrown<SpecError>([&] { apply(spec::Prune{}, on.candidate, on.bench); }) ==
          "prune: the weights are shared or quantized already; put share-weights and quantize last");
    CHECK(thrown<SpecError>([&] {
              LeverBench other;
              apply(spec::FineTune{.frozen_to = "fc2"}, other.candidate, other.bench);
          }) == "fine-tune: frozen_to: no layer is left to learn behind \"fc2\"; use an earlier one");
}
