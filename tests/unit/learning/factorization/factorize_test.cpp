#include "common/learning/factorization/factorize.hpp"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/factorization/decomposition.hpp"
#include "tests/unit/learning/engine/reference_net.hpp"
#include "tests/unit/learning/factorization/random_weights.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

const spec::ModelSpec small_cnn{.name = "small-cnn", .layers = {}, .torchscript = {}};

spec::ModelSpec of_layers(std::vector<spec::Layer> layers)
{
    return {.name = "test", .layers = std::move(layers), .torchscript = {}};
}

std::vector<double> logits(const spec::ModelSpec& spec, Shape shape, std::span<const float> parameters,
                           const std::vector<float>& pixels)
{
    const std::vector<std::int64_t> labels{0};
    return reference_step(build_model(spec, shape), std::vector<double>(parameters.begin(), parameters.end()), pixels,
                          labels, ReferenceMode::evaluation)
        .logits.front();
}

double length(const std::vector<float>& values)
{
    double sum = 0;
    for (const double value : values) sum += value * value;
    return std::sqrt(sum);
}

double distance(const std::vector<double>& a, const std::vector<double>& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(sum);
}

std::vector<float> values_of(const Model& of, std::span<const float> all, const std::string& name)
{
    const auto slot = std::ranges::find(of.parameters.slots, name, &ParameterSlot::name);
    REQUIRE(slot != of.parameters.slots.end());
    const auto part = all.subspan(slot->offset, slot->size);
    return {part.begin(), part.end()};
}

/// A kernel of these ranks, outputs x inputs x 3 x 3.
std::vector<float> low_rank_kernel(std::size_t outputs, std::size_t inputs, ChannelRanks ranks, std::uint64_t seed)
{
    const auto outer = random_weights(outputs * ranks.outputs, seed);
    const auto inner = random_weights(ranks.inputs * inputs, seed + 1);
    const auto core = random_weights(std::size_t{ranks.outputs} * ranks.inputs * 9, seed + 2);
    std::vector<float> kernel;
    for (std::size_t out = 0; out < outputs; ++out)
        for (std::size_t in = 0; in < inputs; ++in)
            for (std::size_t place = 0; place < 9; ++place) {
                double value = 0;
                for (std::size_t a = 0; a < ranks.outputs; ++a)
                    for (std::size_t b = 0; b < ranks.inputs; ++b)
                        value += double{outer[out * ranks.outputs + a]} *
                                 double{core[(a * ranks.inputs + b) * 9 + place]} * double{inner[b * inputs + in]};
                kernel.push_back(static_cast<float>(value));
            }
    return kernel;
}

}  // namespace

TEST_CASE("Of small-cnn, fc1 becomes two layers and conv2 three; all other values stay")
{
    const auto model = build_model(small_cnn, {});
    const auto parameters = initial_parameters(model, 1);
    const std::vector<FactorChoice> choices{{"fc1", LinearRank{32}}, {"conv2", ChannelRanks{6, 10}}};
    const auto factored = factorize(small_cnn, {}, parameters, choices);
    const auto rebuilt = build_model(factored.spec, {});

    std::vector<std::string> names;
    for (const auto& layer : rebuilt.layers) names.push_back(layer.name);
    CHECK(names == std::vector<std::string>{"conv1", "relu1", "pool1", "conv2", "conv3", "conv4", "relu2", "pool2",
                                            "flatten1", "fc1", "fc2", "relu3", "fc3"});

    REQUIRE(factored.layers.size() == 2);
    CHECK(factored.layers[0].layer == "conv2");
    CHECK(factored.layers[0].factors == std::vector<std::string>{"conv2", "conv3", "conv4"});
    CHECK(factored.layers[0].ranks == std::vector<std::uint32_t>{6, 10});
    CHECK(factored.layers[0].after == FactorCost{956, 187'376});
    CHECK(factored.layers[1].layer == "fc1");
    CHECK(factored.layers[1].factors == std::vector<std::string>{"fc1", "fc2"});
    CHECK(factored.layers[1].before.weights == 200'704);
    CHECK(factored.layers[1].after.weights == 54'272);
    CHECK(factored.layers[1].kept_energy > 0.25);
    CHECK(factored.layers[1].kept_energy < 1);

    // 206,922 less what was there, and 16 + 32 zeros as biases more.
    REQUIRE(factored.parameters.size() == rebuilt.parameters.size);
    CHECK(factored.parameters.size() == 206'922 - 200'704 - 4608 + 54'272 + 956 + 32 + 16);
    CHECK(rebuilt.cost.forward_flops == model.cost.forward_flops - 2 * (200'704 - 54'272) - 2 * (903'168 - 187'376));
    for (const auto& [before, after] :
         std::vector<std::pair<std::string, std::string>>{{"conv1.weight", "conv1.weight"},
                                                          {"conv1.bias", "conv1.bias"},
                                                          {"conv2.bias", "conv4.bias"},
                                                          {"fc1.bias", "fc2.bias"},
                                                          {"fc2.weight", "fc3.weight"},
                                                          {"fc2.bias", "fc3.bias"}}) {
        INFO(before << ", then " << after);
        CHECK(values_of(model, parameters, before) == values_of(rebuilt, factored.parameters, after));
    }
    for (const auto* zeros : {"conv2.bias", "conv3.bias", "fc1.bias"}) {
        const auto values = values_of(rebuilt, factored.parameters, zeros);
        CHECK(values == std::vector<float>(values.size()));
    }
}

TEST_CASE("Logits move by no more than the first dropped singular value allows")
{
    // |fc2| |W - W'| |x|, as a ReLU lengthens nothing: the spectral norm of what is dropped is the first dropped value.
    const Shape shape{1, 6, 6, 10};
    const auto spec = of_layers({spec::Flatten{}, spec::Linear{24}, spec::Relu{}, spec::Linear{10}});
    const auto parameters = random_weights(build_model(spec, shape).parameters.size, 7);
    const auto pixels = random_weights(36, 8);
    const auto values = decompose({24, 36, {parameters.begin(), parameters.begin() + 24 * 36}}).values;
    const auto last = parameters.begin() + 24 * 36 + 24;
    const double of_last = decompose({10, 24, {last, last + 240}}).values.front();
    const auto whole = logits(spec, shape, parameters, pixels);

    double before = std::numeric_limits<double>::infinity();
    for (const std::uint32_t rank : {4U, 14U}) {
        const auto factored = factorize(spec, shape, parameters, std::vector<FactorChoice>{{"fc1", LinearRank{rank}}});
        const double moved = distance(whole, logits(factored.spec, shape, factored.parameters, pixels));
        INFO("rank " << rank);
        CHECK(moved > 1e-3);
        CHECK(moved <= of_last * values[rank] * length(pixels));
        CHECK(moved < before);
        before = moved;
    }
}

TEST_CASE("A convolution whose weights have low ranks computes the same in three, with its stride and padding")
{
    // Weights of 8 x 6 channels made of a core of 3 x 2: their ranks are found by the energy that is kept, too.
    const Shape shape{6, 7, 7, 4};
    const auto spec = of_layers({spec::Conv2d{8, 3, 2, 1}, spec::Relu{}, spec::Flatten{}, spec::Linear{4}});
    auto parameters = random_weights(build_model(spec, shape).parameters.size, 9);
    std::ranges::copy(low_rank_kernel(8, 6, {2, 3}, 10), parameters.begin());
    const auto pixels = random_weights(6 * 49, 13);
    const auto whole = logits(spec, shape, parameters, pixels);
    for (const auto& size : {FactorSize{ChannelRanks{2, 3}}, FactorSize{KeptEnergy{0.99999999}}}) {
        const auto factored = factorize(spec, shape, parameters, std::vector<FactorChoice>{{"conv1", size}});
        CHECK(factored.layers.front().ranks == std::vector<std::uint32_t>{2, 3});
        CHECK(distance(whole, logits(factored.spec, shape, factored.parameters, pixels)) < 1e-4);
    }
}

TEST_CASE("Layers of a residual's body and shortcut are taken apart, with biases and without; buffers stay")
{
    const Shape shape{6, 7, 7, 4};
    const auto spec = of_layers({spec::BatchNorm{},
                                 spec::Residual{{spec::Conv2d{.channels = 8, .kernel = 3, .padding = 1, .bias = false},
                                                 spec::BatchNorm{}, spec::Relu{}, spec::Conv2d{8, 3, 1, 1}},
                                                {spec::Conv2d{8, 3, 1, 1}, spec::BatchNorm{}}},
                                 spec::Relu{}, spec::GlobalAvgPool2d{}, spec::Flatten{}, spec::Linear{4}});
    const auto model = build_model(spec, shape);
    auto parameters = random_weights(model.parameters.size, 30);
    std::uint64_t seed = 31;
    for (const auto& slot : model.parameters.slots) {
        const auto begin = parameters.begin() + static_cast<std::ptrdiff_t>(slot.offset);
        if (slot.name.ends_with("running_var"))
            std::transform(begin, begin + slot.size, begin, [](float x) { return 1 + x * x; });
        if (slot.name == "residual1.conv1.weight") std::ranges::copy(low_rank_kernel(8, 6, {2, 3}, seed), begin);
        if (slot.name == "residual1.conv3.weight") std::ranges::copy(low_rank_kernel(8, 6, {3, 2}, seed + 3), begin);
    }
    const auto factored = factorize(
        spec, shape, parameters,
        std::vector<FactorChoice>{{"residual1.conv3", ChannelRanks{3, 2}}, {"residual1.conv1", ChannelRanks{2, 3}}});
    const auto rebuilt = build_model(factored.spec, shape);
    REQUIRE(factored.parameters.size() == rebuilt.parameters.size);
    REQUIRE(factored.layers.size() == 2);
    CHECK(factored.layers[0].layer == "residual1.conv1");
    CHECK(factored.layers[0].factors ==
          std::vector<std::string>{"residual1.conv1", "residual1.conv2", "residual1.conv3"});
    CHECK(factored.layers[1].layer == "residual1.conv3");
    CHECK(factored.layers[1].factors ==
          std::vector<std::string>{"residual1.conv5", "residual1.conv6", "residual1.conv7"});
    // By hand: 6 x 2 + 2 x 3 x 9 + 3 x 8 = 90 weights of 432 and no bias; 6 x 3 + 3 x 2 x 9 + 2 x 8 = 88, 3 + 2 biases.
    CHECK(factored.parameters.size() == parameters.size() - 2 * 432 + 90 + 88 + 5);
    for (const auto& [before, after] :
         std::vector<std::pair<std::string, std::string>>{{"residual1.conv2.weight", "residual1.conv4.weight"},
                                                          {"residual1.conv3.bias", "residual1.conv7.bias"},
                                                          {"residual1.bn2.running_mean", "residual1.bn2.running_mean"},
                                                          {"residual1.bn3.weight", "residual1.bn3.weight"},
                                                          {"residual1.bn3.running_var", "residual1.bn3.running_var"},
                                                          {"bn1.running_var", "bn1.running_var"},
                                                          {"fc1.bias", "fc1.bias"}}) {
        INFO(before << ", then " << after);
        CHECK(values_of(model, parameters, before) == values_of(rebuilt, factored.parameters, after));
    }
    const auto pixels = random_weights(6 * 49, 40);
    const auto whole = logits(spec, shape, parameters, pixels);
    CHECK(distance(whole, std::vector<double>(4)) > 1);
    CHECK(distance(whole, logits(factored.spec, shape, factored.parameters, pixels)) < 1e-3);
}

TEST_CASE("A convolution whose input channels have one window each computes the same as a separable one")
{
    const Shape shape{6, 7, 7, 4};
    const auto spec = of_layers({spec::Conv2d{8, 3, 2, 1}, spec::Relu{}, spec::Flatten{}, spec::Linear{4}});
    auto parameters = random_weights(build_model(spec, shape).parameters.size, 50);
    const auto windows = random_weights(6 * 9, 51);
    for (std::size_t out = 0; out < 8; ++out)
        for (std::size_t in = 0; in < 6; ++in)
            for (std::size_t place = 0; place < 9; ++place) {
                auto& weight = parameters[(out * 6 + in) * 9 + place];
                weight = static_cast<float>(out + 2 * in) / 8 * windows[in * 9 + place];
            }
    const auto pixels = random_weights(6 * 49, 52);
    const auto factored = factorize(spec, shape, parameters, std::vector<FactorChoice>{{"conv1", Separable{}}});
    const auto& depthwise = std::get<spec::Conv2d>(factored.spec.layers[0]);
    CHECK(depthwise.channels == 6);
    CHECK(depthwise.groups == 6);
    CHECK(depthwise.stride == 2);
    CHECK(depthwise.padding == 1);
    CHECK_FALSE(depthwise.bias);
    CHECK(std::get<spec::Conv2d>(factored.spec.layers[1]).kernel == 1);
    CHECK(factored.layers.front().factors == std::vector<std::string>{"conv1", "conv2"});
    CHECK(factored.layers.front().ranks.empty());
    CHECK(factored.layers.front().kept_energy == Approx(1));
    CHECK(factored.layers.front().after == FactorCost{6 * (9 + 8), 6 * (9 + 8) * 16});
    CHECK(factored.parameters.size() == parameters.size() - 6 * 8 * 9 + 6 * (9 + 8));
    CHECK(distance(logits(spec, shape, parameters, pixels), logits(factored.spec, shape, factored.parameters, pixels)) <
          1e-4);
}

TEST_CASE("A linear layer's rank follows from the energy to be kept")
{
    // diag(4, 3, 2, 1, 1e-3) in the corner of 12 x 12: 0.9 of the squares takes three.
    const Shape shape{1, 3, 4, 12};
    const auto spec = of_layers({spec::Flatten{}, spec::Linear{12}});
    std::vector<float> parameters(12 * 12 + 12);
    for (std::size_t i = 0; i < 5; ++i) parameters[i * 13] = std::vector<float>{4, 3, 2, 1, 1e-3F}[i];
    const auto factored = factorize(spec, shape, parameters, std::vector<FactorChoice>{{"fc1", KeptEnergy{0.9}}});
    CHECK(factored.layers.front().ranks == std::vector<std::uint32_t>{3});
    CHECK(factored.layers.front().kept_energy == Approx(29.0 / 30));
}

TEST_CASE("A model by muP stays one, and its last factor keeps its base")
{
    const Shape shape{1, 6, 6, 10};
    auto spec = of_layers({spec::Flatten{}, spec::Linear{24, 12}, spec::Relu{}, spec::Linear{10}});
    spec.parametrization = spec::Parametrization::mup;
    const auto parameters = random_weights(build_model(spec, shape).parameters.size, 14);
    const auto factored = factorize(spec, shape, parameters, std::vector<FactorChoice>{{"fc1", LinearRank{5}}});
    CHECK(factored.spec.parametrization == spec::Parametrization::mup);
    CHECK(std::get<spec::Linear>(factored.spec.layers[1]).base_features == 0);
    CHECK(std::get<spec::Linear>(factored.spec.layers[2]).base_features == 12);
}

TEST_CASE("What can't be taken apart, or would save nothing, is refused by its layer's name")
{
    const auto parameters = initial_parameters(build_model(small_cnn, {}), 1);
    const auto error_of = [&](const std::vector<FactorChoice>& choices) -> std::string {
        try {
            (void)factorize(small_cnn, {}, parameters, choices);
        } catch (const SpecError& error) {
            return error.what();
        }
        return "no error";
    };
    CHECK(error_of({{"fc1", LinearRank{118}}}) == "no error");
    CHECK(error_of({{"fc1", LinearRank{119}}}) ==
          "factorization of fc1: rank 119 saves nothing, as it is not below the break-even, 1568 x 128 / (1568 + 128); "
          "use 1 to 118");
    CHECK(error_of({{"fc1", LinearRank{0}}}) == "factorization of fc1: rank 0 is not valid; use 1 to 128");
    CHECK(error_of({{"fc1", LinearRank{129}}}) == "factorization of fc1: rank 129 is not valid; use 1 to 128");
    CHECK(error_of({{"fc1", KeptEnergy{1}}}).find("factorization of fc1: rank 128 saves nothing") == 0);
    CHECK(error_of({{"fc1", KeptEnergy{0}}}) ==
          "factorization of fc1: kept energy 0.000000 is not valid; use a number above 0 to 1");
    CHECK(error_of({{"fc1", KeptEnergy{std::nan("")}}}).find("factorization of fc1: kept energy nan") == 0);
    CHECK(error_of({{"fc1", ChannelRanks{2, 2}}}) ==
          "factorization of fc1: a linear layer has one rank, and no ranks of channels; give one");
    CHECK(error_of({{"conv2", LinearRank{2}}}) ==
          "factorization of conv2: a convolution has a rank of its inputs and one of its outputs; give both");
    CHECK(error_of({{"conv2", ChannelRanks{17, 2}}}) ==
          "factorization of conv2: rank of the inputs 17 is not valid; use 1 to 16");
    // (4608 - 16 x 32) / (16 + 16 x 9) = 25.6, so that any rank of the inputs pays; with 32, (4608 - 1024) / 304
    // = 11.8.
    CHECK(error_of({{"conv2", ChannelRanks{16, 16}}}) == "no error");
    CHECK(
        error_of({{"conv2", ChannelRanks{12, 32}}}) ==
        "factorization of conv2: ranks 12 and 32 save nothing, as they are not below the break-even in weights and in "
        "multiply-accumulates; with rank 32 of the outputs, use 1 to 11 of the inputs");
    // One channel in, 16 out: 16 ranks of the outputs are 256 weights, where all are 144.
    CHECK(error_of({{"conv1", ChannelRanks{1, 9}}}) ==
          "factorization of conv1: ranks 1 and 9 save nothing, as they are not below the break-even in weights and in "
          "multiply-accumulates; use a lower rank of the outputs, or leave the layer whole");
    CHECK(error_of({{"relu1", LinearRank{2}}}) ==
          "factorization of relu1: it has no weights to be taken apart; choose a linear layer or a convolution");
    CHECK(error_of({{"fc3", LinearRank{2}}}) ==
          "factorization of fc3: the model has no such layer; use one of conv1, conv2, fc1, fc2");
    CHECK(error_of({{"fc1", LinearRank{2}}, {"fc1", LinearRank{3}}}) ==
          "factorization of fc1: it is chosen twice; choose it once");

    CHECK(error_of({{"fc1", Separable{}}}) ==
          "factorization of fc1: a linear layer has no kernel to be separated; give a rank");
    CHECK(error_of({{"relu1", Separable{}}}) ==
          "factorization of relu1: it has no weights to be taken apart; choose a linear layer or a convolution");

    auto spoilt = parameters;
    spoilt[5000] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH(factorize(small_cnn, {}, spoilt, std::vector<FactorChoice>{{"fc1", LinearRank{2}}}),
                      "factorization of fc1: its weights aren't finite, so they have no factors; train it anew");
    CHECK_THROWS_WITH(factorize(small_cnn, {}, std::span{parameters}.first(10), {}),
                      "factorization: 10 parameters aren't those of the model; it has 206922");
    CHECK_THROWS_WITH(factorize({.name = {}, .layers = {}, .torchscript = "a.pt"}, {}, parameters, {}),
                      "factorization: a TorchScript model can't be taken apart; use a model of layers");
}

TEST_CASE("A separable convolution that would save nothing, or has groups, is refused by its name")
{
    const Shape shape{4, 5, 5, 2};
    const auto spec =
        of_layers({spec::Conv2d{1, 3}, spec::Conv2d{4, 1}, spec::Conv2d{.channels = 4, .kernel = 3, .groups = 2},
                   spec::Flatten{}, spec::Linear{2}});
    const auto parameters = initial_parameters(build_model(spec, shape), 1);
    const auto factorized = [&](const char* layer, const FactorSize& size) {
        (void)factorize(spec, shape, parameters, std::vector<FactorChoice>{{layer, size}});
    };
    CHECK_THROWS_WITH(factorized("conv1", Separable{}),
                      "factorization of conv1: a depthwise and a 1 x 1 convolution for 1 output channel save nothing; "
                      "leave the layer whole");
    CHECK_THROWS_WITH(factorized("conv2", Separable{}),
                      "factorization of conv2: its kernel of 1 x 1 has no places to be separated; give ranks, or leave "
                      "the layer whole");
    CHECK_THROWS_WITH(factorized("conv3", Separable{}),
                      "factorization of conv3: only a convolution of one group is taken apart; leave it whole");
    CHECK_THROWS_WITH(factorized("conv3", ChannelRanks{1, 1}),
                      "factorization of conv3: only a convolution of one group is taken apart; leave it whole");
    CHECK_THROWS_WITH(factorized("conv9", Separable{}),
                      "factorization of conv9: the model has no such layer; use one of conv1, conv2, fc1");
}
