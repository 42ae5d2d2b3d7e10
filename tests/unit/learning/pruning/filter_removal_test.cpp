#include "common/learning/pruning/filter_removal.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/open_engine.hpp"
#include "common/learning/pruning/filter_layer.hpp"
#include "common/random/stream.hpp"
#include "tests/unit/learning/engine/engine_cases.hpp"
#include "tests/unit/learning/engine/reference_net.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::spec;

namespace {

ModelSpec spec_of(std::vector<Layer> layers) { return {.name = "m", .layers = std::move(layers), .torchscript = {}}; }

std::vector<Layer> layers_of(const Model& model)
{
    std::vector<Layer> layers;
    for (const auto& info : model.layers) layers.push_back(info.layer);
    return layers;
}

/// Each kind of layer between two others, and no convolution that pads its input but the first.
std::vector<Layer> layers_without_inner_padding()
{
    return {Conv2d{6, 3, 1, 1}, Relu{},    MaxPool2d{2, 2}, Conv2d{5, 2}, Tanh{}, AvgPool2d{2, 1}, Conv2d{4, 2},
            Flatten{},          Linear{7}, Tanh{},          Linear{6},    Relu{}, Linear{4}};
}

constexpr Shape shape{2, 9, 9, 4};

std::vector<std::vector<double>> logits(const Model& model, const std::vector<float>& parameters)
{
    const auto data = noise(model.shape, 5, 8);
    const std::vector<double> exact{parameters.begin(), parameters.end()};
    return reference_step(model, exact, data.pixels, data.labels, ReferenceMode::evaluation).logits;
}

ModelSpec built_in(const char* name, double width = 1)
{
    return {.name = name, .layers = {}, .torchscript = {}, .width = width};
}

double native_loss(const Model& model, const std::vector<float>& parameters)
{
    const auto engine = open_engine("native");
    const auto replica = engine->replica(model, {});
    replica->begin(parameters, 1);
    const auto data = noise(model.shape, 5, 8);
    return replica->evaluate(data.batch()).loss_sum;
}

/// The smaller model computes what `parameters` did, in double precision and by the engine that trains it.
void check_same(const ModelSpec& before, const std::vector<float>& parameters, const FiltersByLayer& filters)
{
    const auto model = build_model(before, shape);
    const auto smaller = remove_filters(before, shape, parameters, filters);
    const auto small_model = build_model(smaller.spec, shape);
    REQUIRE(small_model.parameters.size == smaller.parameters.size());
    REQUIRE(small_model.parameters.size < model.parameters.size);
    for (std::size_t place = 0; place < filters.size(); ++place) {
        const auto removed = static_cast<std::int64_t>(filters[place].size());
        if (removed > 0)
            REQUIRE(all_layers(small_model)[place]->output_shape[0] ==
                    all_layers(model)[place]->output_shape[0] - removed);
    }
    const auto expected = logits(model, parameters);
    const auto found = logits(small_model, smaller.parameters);
    double largest = 0;
    for (std::size_t sample = 0; sample < expected.size(); ++sample)
        for (std::size_t i = 0; i < expected[sample].size(); ++i) {
            largest = std::max(largest, std::abs(expected[sample][i]));
            REQUIRE(found[sample][i] == Approx(expected[sample][i]).margin(1e-6));
        }
    REQUIRE(largest > .1);
    REQUIRE(native_loss(small_model, smaller.parameters) == Approx(native_loss(model, parameters)).epsilon(1e-5));
}

void zero_weights(const Model& model, const FiltersByLayer& filters, std::vector<float>& parameters)
{
    for (const auto& layer : filter_layers(model))
        for (const auto filter : filters[layer.place])
            std::ranges::fill(
                std::span{parameters}.subspan(layer.weights + filter * layer.filter_size, layer.filter_size), 0.0F);
}

/// Weights as they begin, twice as large, and any biases, scales and running averages.
std::vector<float> random_parameters(const Model& model, std::uint64_t seed)
{
    auto parameters = initial_parameters(model, seed);
    Stream stream{seed, Purpose::probe};
    for (const auto& slot : model.parameters.slots)
        for (auto& value : std::span{parameters}.subspan(slot.offset, slot.size)) {
            if (slot.name.ends_with("running_var"))
                value = static_cast<float>(.5 + stream.uniform());
            else if (slot.shape.size() == 1)
                value = static_cast<float>(stream.normal());
            else
                value *= 2;
        }
    return parameters;
}

std::vector<std::string> layers_that_lose_filters(const Model& model, const FiltersByLayer& filters)
{
    std::vector<std::string> names;
    for (std::size_t place = 0; place < filters.size(); ++place)
        if (!filters[place].empty()) names.push_back(all_layers(model)[place]->name);
    return names;
}

}  // namespace

TEST_CASE("a hidden feature goes with its column, and its constant into the next biases", "[pruning]")
{
    // By hand: the second feature gives ReLU(3) = 3; 1 + 3 x 7 = 22, 2 + 3 x 13 = 41.
    const auto spec = spec_of({Flatten{}, Linear{2}, Relu{}, Linear{2}});
    const std::vector<float> parameters{1, 2, 0, 0, .5F, 3, 5, 7, 11, 13, 1, 2};
    const auto smaller = remove_filters(spec, {1, 1, 2, 2}, parameters, {{}, {1}, {}, {}});
    CHECK(std::get<Linear>(smaller.spec.layers[1]).features == 1);
    CHECK(std::get<Linear>(smaller.spec.layers[3]).features == 2);
    CHECK(smaller.parameters == std::vector<float>{1, 2, .5F, 5, 11, 22, 41});
}

TEST_CASE("behind a flattening a channel takes a column for each of its pixels with it", "[pruning]")
{
    // By hand: two filters of one weight on 1 x 2 images; the first gives 2 at both pixels: 10 + 2 (1 + 2) = 16,
    // 20 + 2 (5 + 6) = 42.
    const auto spec = spec_of({Conv2d{2, 1}, Flatten{}, Linear{2}});
    const std::vector<float> parameters{0, 3, 2, 4, 1, 2, 3, 4, 5, 6, 7, 8, 10, 20};
    const auto smaller = remove_filters(spec, {1, 1, 2, 2}, parameters, {{0}, {}, {}});
    CHECK(smaller.parameters == std::vector<float>{3, 4, 3, 4, 7, 8, 16, 42});
    // In small-cnn these are 49.
    const auto cnn = build_model(built_in("small-cnn"), {});
    auto initial = initial_parameters(cnn, 1);
    FiltersByLayer one(cnn.layers.size());
    one[3] = {31};
    zero_filters(cnn, one, initial);
    const auto without = remove_filters(built_in("small-cnn"), {}, initial, one);
    CHECK(cnn.parameters.size - without.parameters.size() == 16 * 9 + 1 + 49 * 128);
}

TEST_CASE("filters whose weights are zero go without a change to the logits", "[pruning]")
{
    const auto spec = spec_of(layers_without_inner_padding());
    const auto model = build_model(spec, shape);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        auto parameters = initial_parameters(model, seed);
        for (auto& value : parameters) value *= 2;
        const auto counts = filter_counts(model, .25 * static_cast<double>(seed));
        const auto filters = weakest_filters(model, parameters, counts, FilterNorm::l2);
        zero_weights(model, filters, parameters);
        check_same(spec, parameters, filters);
    }
}

TEST_CASE("filters whose biases are zero, too, go from any model without a change to the logits", "[pruning]")
{
    const auto spec = spec_of(layers_of(model_of_all_layers()));  // two convolutions pad
    const auto model = build_model(spec, shape);
    auto parameters = initial_parameters(model, 4);
    for (auto& value : parameters) value *= 2;
    const auto filters = weakest_filters(model, parameters, filter_counts(model, .5), FilterNorm::l1);
    zero_filters(model, filters, parameters);
    check_same(spec, parameters, filters);
}

TEST_CASE("a constant that meets padding is refused, unless the activation makes it 0", "[pruning]")
{
    const auto spec = spec_of(layers_of(model_of_all_layers()));
    const auto model = build_model(spec, shape);
    auto parameters = initial_parameters(model, 4);
    FiltersByLayer filters(model.layers.size());
    filters[0] = {1, 3};
    zero_weights(model, filters, parameters);
    auto* biases = &parameters[model.parameters.slots[1].offset];
    biases[1] = -1;
    biases[3] = -.5F;
    check_same(spec, parameters, filters);
    biases[3] = .5F;
    CHECK_THROWS_AS(remove_filters(spec, shape, parameters, filters), SpecError);
    CHECK_THROWS_WITH(
        remove_filters(spec, shape, parameters, filters),
        "conv1, filter 3: gives 0.5 everywhere, and no bias can stand for that where conv2 pads its input "
        "with zeros; set all that the filter gives to 0 first");
}

TEST_CASE("half the filters of each layer give the model of half the width, and a quarter of its inner FLOPs",
          "[pruning]")
{
    const auto spec = built_in("small-cnn");
    const auto model = build_model(spec, {});
    auto parameters = initial_parameters(model, 1);
    const auto filters = weakest_filters(model, parameters, filter_counts(model, .5), FilterNorm::l1);
    zero_filters(model, filters, parameters);
    const auto smaller = build_model(remove_filters(spec, {}, parameters, filters).spec, {});
    const auto half = build_model(built_in("small-cnn", .5), {});
    CHECK(smaller.parameters.size == half.parameters.size);
    CHECK(smaller.cost.forward_flops == half.cost.forward_flops);
    CHECK(4 * smaller.layers[3].forward_flops == model.layers[3].forward_flops);
    CHECK(2 * smaller.layers[0].forward_flops == model.layers[0].forward_flops);
}

TEST_CASE("a width is in the smaller model's layers", "[pruning]")
{
    const auto spec = built_in("mlp-32", 2);
    const auto model = build_model(spec, {});
    auto parameters = initial_parameters(model, 1);
    const FiltersByLayer filters{{}, {0, 63}, {}, {}};
    zero_filters(model, filters, parameters);
    const auto smaller = remove_filters(spec, {}, parameters, filters);
    CHECK(smaller.spec.width == 1);
    CHECK(std::get<Linear>(smaller.spec.layers[1]).features == 62);
    CHECK(build_model(smaller.spec, {}).parameters.size == smaller.parameters.size());
}

TEST_CASE("without filters to remove nothing changes", "[pruning]")
{
    const auto spec = spec_of(layers_without_inner_padding());
    const auto model = build_model(spec, shape);
    const auto parameters = initial_parameters(model, 1);
    CHECK(remove_filters(spec, shape, parameters, FiltersByLayer(model.layers.size())).parameters == parameters);
}

TEST_CASE("filters that can't go are refused by name", "[pruning]")
{
    const auto spec = spec_of({Flatten{}, Linear{2}, Relu{}, Linear{2}});
    const std::vector<float> parameters{1, 2, 0, 0, .5F, 3, 5, 7, 11, 13, 1, 2};
    const auto remove = [&](const FiltersByLayer& filters) {
        return remove_filters(spec, {1, 1, 2, 2}, parameters, filters);
    };
    CHECK_THROWS_AS(remove({{}, {0}, {}, {}}), SpecError);
    CHECK_THROWS_WITH(remove({{}, {0}, {}, {}}), "fc1, filter 0: has weights that aren't 0; set them to 0 first");
    CHECK_THROWS_WITH(remove({{}, {0, 1}, {}, {}}), "fc1: all of its 2 filters can't go; leave at least one");
    CHECK_THROWS_WITH(remove({{}, {2}, {}, {}}), "fc1, filter 2: there are 2; use 0 to 1");
    CHECK_THROWS_WITH(remove({{}, {}, {}, {0}}), "fc2, filter 0: can't go, since the last layer's are the classes");
}

TEST_CASE("resnet-8 loses filters within its blocks alone, and without a change to the logits", "[pruning]")
{
    const auto spec = built_in("resnet-8");
    const auto model = build_model(spec, shape);
    auto parameters = random_parameters(model, 1);
    const auto filters = weakest_filters(model, parameters, filter_counts(model, .5), FilterNorm::l1);
    CHECK(layers_that_lose_filters(model, filters) ==
          std::vector<std::string>{"residual1.conv2", "residual2.conv4", "residual3.conv7"});
    zero_filters(model, filters, parameters);
    check_same(spec, parameters, filters);
    // By hand, of each block: half its inner channels' weights on both sides, biases, and four numbers of a norm.
    const auto smaller = remove_filters(spec, shape, parameters, filters).parameters.size();
    const std::size_t first = 8 * 9 * (16 + 16) + 8 * 5;
    const std::size_t second = 16 * 9 * (16 + 32) + 16 * 5;
    const std::size_t third = 32 * 9 * (32 + 64) + 32 * 5;
    CHECK(model.parameters.size - smaller == first + second + third);
}

TEST_CASE("ds-cnn loses depthwise filters with the pointwise ones before them, and becomes one of half the width",
          "[pruning]")
{
    const auto spec = built_in("ds-cnn");
    const auto model = build_model(spec, shape);
    auto parameters = random_parameters(model, 2);
    const auto filters = weakest_filters(model, parameters, filter_counts(model, .5), FilterNorm::l2);
    CHECK(layers_that_lose_filters(model, filters) ==
          std::vector<std::string>{"conv1", "conv3", "conv5", "conv7", "conv9"});
    zero_filters(model, filters, parameters);
    check_same(spec, parameters, filters);
    const auto smaller = build_model(remove_filters(spec, shape, parameters, filters).spec, shape);
    const auto half = build_model(built_in("ds-cnn", .5), shape);
    CHECK(smaller.parameters.size == half.parameters.size);
    CHECK(smaller.cost.forward_flops == half.cost.forward_flops);
    CHECK(std::get<Conv2d>(smaller.layers[4].layer).groups == 32);
}

TEST_CASE("what normalizations, activations and depthwise convolutions make of a bias goes into the next layer",
          "[pruning]")
{
    const auto spec = spec_of(
        {Conv2d{.channels = 6, .kernel = 3, .padding = 1, .bias = false},
         BatchNorm{},
         Relu6{},
         Conv2d{.channels = 6, .kernel = 3, .groups = 6},
         BatchNorm{},
         Tanh{},
         Conv2d{.channels = 5, .kernel = 1, .bias = false},
         MaxPool2d{2, 1},
         BatchNorm{},
         Relu{},
         Residual{{Conv2d{4, 1}, BatchNorm{}, Tanh{}, Conv2d{7, 1}, BatchNorm{}}, {Conv2d{8, 1}, Relu{}, Conv2d{7, 1}}},
         Conv2d{6, 2},
         Conv2d{.channels = 6, .kernel = 2, .groups = 6, .bias = false},
         Dropout{.5},
         AvgPool2d{2, 1},
         GlobalAvgPool2d{},
         Flatten{},
         Linear{7},
         Relu{},
         Linear{4}});
    const auto model = build_model(spec, shape);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        auto parameters = random_parameters(model, seed);
        const auto filters = weakest_filters(model, parameters, filter_counts(model, .4), FilterNorm::l1);
        CHECK(layers_that_lose_filters(model, filters) ==
              std::vector<std::string>{"conv1", "residual1.conv4", "residual1.conv6", "conv8", "fc1"});
        zero_weights(model, filters, parameters);
        check_same(spec, parameters, filters);
    }
}

TEST_CASE("a constant goes out of the running means of a layer without a bias", "[pruning]")
{
    // By hand: the first filter gives 0, then (0 + 3) / 2 x 2 + 1 = 4, of which the next ones make 5 x 4 and 7 x 4.
    const auto spec = spec_of({Conv2d{.channels = 2, .kernel = 1, .bias = false}, BatchNorm{}, Relu{},
                               Conv2d{.channels = 2, .kernel = 1, .bias = false}, BatchNorm{}, Flatten{}, Linear{2}});
    const std::vector<float> parameters{0,  9,         // conv1.weight
                                        2,  1, 1, 0,   // bn1.weight, bn1.bias
                                        5,  6, 7, 8,   // conv2.weight
                                        1,  1, 0, 0,   // bn2.weight, bn2.bias
                                        1,  2, 3, 4,   // fc1.weight
                                        0,  0,         // fc1.bias
                                        -3, 1, 4, 1,   // bn1.running_mean, bn1.running_var
                                        10, 0, 1, 1};  // bn2.running_mean, bn2.running_var
    const auto smaller = remove_filters(spec, {1, 1, 1, 2}, parameters, {{0}, {}, {}, {}, {}, {}, {}});
    const std::vector<float> expected{9, 1, 0, 6, 8, 1, 1, 0, 0, 1, 2, 3, 4, 0, 0, 1, 1, -10, -28, 1, 1};
    REQUIRE(smaller.parameters.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(smaller.parameters[i] == Approx(expected[i]).margin(1e-6));
}

TEST_CASE("a constant that no layer can take is refused by name", "[pruning]")
{
    const auto error_of = [](const std::vector<Layer>& layers) -> std::string {
        const auto model = build_model(spec_of(layers), shape);
        auto parameters = initial_parameters(model, 1);
        FiltersByLayer filters(all_layers(model).size());
        filters[0] = {2};
        zero_weights(model, filters, parameters);
        parameters[model.parameters.slots[1].offset + 2] = .5F;
        try {
            (void)remove_filters(spec_of(layers), shape, parameters, filters);
        } catch (const SpecError& error) {
            return error.what();
        }
        return "no error";
    };
    const Conv2d first{4, 3};
    CHECK(error_of({first, Conv2d{.channels = 4, .kernel = 3, .padding = 1, .groups = 4}, Conv2d{3, 1}, Flatten{},
                    Linear{4}}) ==
          "conv1, filter 2: gives 0.5 everywhere, and no bias can stand for that where conv2 pads its input with "
          "zeros; set all that the filter gives to 0 first");
    CHECK(error_of({first, Conv2d{.channels = 4, .kernel = 3, .groups = 4}, Conv2d{3, 1}, Flatten{}, Linear{4}}) ==
          "no error");
    CHECK(
        error_of({first, Conv2d{.channels = 3, .kernel = 1, .bias = false}, Relu{}, BatchNorm{}, Flatten{}, Linear{4}})
            .starts_with("conv2, filter 0: has neither a bias nor a batch normalization for the "));
}

TEST_CASE("filters whose channels a residual takes or adds can't go", "[pruning]")
{
    const auto spec = built_in("resnet-8");
    const auto model = build_model(spec, shape);
    auto parameters = initial_parameters(model, 1);
    const auto error_of = [&](const std::string& name) -> std::string {
        FiltersByLayer filters(all_layers(model).size());
        for (const auto& layer : filter_layers(model))
            if (layer.name == name) filters[layer.place] = {1};
        try {
            zero_filters(model, filters, parameters);
        } catch (const SpecError& error) {
            return error.what();
        }
        return "no error";
    };
    CHECK(error_of("residual1.conv2") == "no error");
    CHECK(error_of("conv1") == "conv1, filter 1: can't go, since residual1 needs all of their channels");
    CHECK(error_of("residual1.conv3") ==
          "residual1.conv3, filter 1: can't go, since residual1 adds their channels to others");
    CHECK(error_of("residual3.conv9") ==
          "residual3.conv9, filter 1: can't go, since residual3 adds their channels to others");
}
