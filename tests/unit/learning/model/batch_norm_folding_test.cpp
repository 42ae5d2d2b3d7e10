#include "common/learning/model/batch_norm_folding.hpp"

#include <bit>
#include <cmath>
#include <string>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/model/normalization.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using spec::BatchNorm, spec::Conv2d, spec::Flatten, spec::Linear, spec::Relu;

namespace {

const Shape pixels{.channels = 2, .height = 1, .width = 1, .classes = 2};

FoldedModel folded_of(std::vector<spec::Layer> layers, std::vector<float> parameters)
{
    const spec::ModelSpec spec{.name = "small", .layers = std::move(layers)};
    return folded(spec, build_model(spec, pixels), parameters);
}

std::string refusal(std::vector<spec::Layer> layers)
{
    const spec::ModelSpec spec{.name = "small", .layers = std::move(layers)};
    const auto model = build_model(spec, pixels);
    try {
        (void)folded(spec, model, std::vector<float>(model.parameters.size, 1));
    } catch (const SpecError& error) {
        return error.what();
    }
    return {};
}

std::vector<std::string> slots_of(const Model& model)
{
    std::vector<std::string> names;
    for (const auto& slot : model.parameters.slots) names.push_back(slot.name);
    return names;
}

std::vector<float> joined(const std::vector<std::vector<float>>& parts)
{
    std::vector<float> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

// What a variance must be for its deviation to be this one.
float variance_of(double deviation) { return static_cast<float>(deviation * deviation - normalization_epsilon); }

}  // namespace

TEST_CASE("A convolution and its batch normalization become one convolution with a bias", "[model]")
{
    // Two filters of 1 x 1 on two channels. Gamma over deviation: 3 / 2 and -1 / 0.5.
    const std::vector<float> filters{2, -4, 1, 0};
    const std::vector<float> biases{1, 7};
    const std::vector<float> gamma_and_beta{3, -1, 0.5F, 11};
    const std::vector<float> linear{9, 8, 7, 6, 5, 4};
    const std::vector<float> mean_and_variance{4, 2, variance_of(2), variance_of(0.5)};
    const auto result = folded_of({Conv2d{2, 1}, BatchNorm{}, Relu{}, Flatten{}, Linear{2}},
                                  joined({filters, biases, gamma_and_beta, linear, mean_and_variance}));
    CHECK(slots_of(result.model) == std::vector<std::string>{"conv1.weight", "conv1.bias", "fc1.weight", "fc1.bias"});
    REQUIRE(result.parameters.size() == 12);
    const auto near = [&](std::size_t i) { return Approx(result.parameters[i]).epsilon(1e-6); };
    CHECK(3 == near(0));
    CHECK(-6 == near(1));
    CHECK(-2 == near(2));
    CHECK(std::bit_cast<std::uint32_t>(result.parameters[3]) == 0);  // +0, though its factor is below 0
    CHECK((1 - 4) * 1.5 + 0.5 == near(4));
    CHECK((7 - 2) * -2.0 + 11 == near(5));
    CHECK(std::vector<float>(result.parameters.begin() + 6, result.parameters.end()) == linear);
    CHECK(result.spec.name == "small");
    CHECK(result.spec.layers.size() == 4);
}

TEST_CASE("Without a bias of its own a convolution gets one, grouped ones and those in residuals too", "[model]")
{
    const Conv2d depthwise{.channels = 2, .kernel = 1, .groups = 2, .bias = false};
    const Conv2d shortcut{.channels = 2, .kernel = 1, .bias = false};
    // Filters, gamma and beta of each; means and variances lie behind all of them.
    const std::vector<float> of_depthwise{5, 6, 1, 2, 3, 4};
    const std::vector<float> of_shortcut{1, 2, 3, 4, 1, 1, 0, 0};
    const std::vector<float> linear{1, 1, 1, 1, 1, 1};
    const std::vector<float> buffers{10, 20, variance_of(1), variance_of(1), 0, 0, variance_of(1), variance_of(2)};
    const auto result = folded_of(
        {spec::Residual{.layers = {depthwise, BatchNorm{}}, .shortcut = {shortcut, BatchNorm{}}}, Flatten{}, Linear{2}},
        joined({of_depthwise, of_shortcut, linear, buffers}));
    CHECK(slots_of(result.model) == std::vector<std::string>{"residual1.conv1.weight", "residual1.conv1.bias",
                                                             "residual1.conv2.weight", "residual1.conv2.bias",
                                                             "fc1.weight", "fc1.bias"});
    const std::vector<float> expected{5, 12, -7, -36, 1, 2, 1.5F, 2, 0, 0};
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(result.parameters[i] == Approx(expected[i]).epsilon(1e-6));
}

TEST_CASE("A model without batch normalizations stays as it is", "[model]")
{
    const auto result = folded_of({Flatten{}, Linear{2}}, {1, 2, 3, 4, 5, 6});
    CHECK(result.parameters == std::vector<float>{1, 2, 3, 4, 5, 6});
    CHECK(result.model.parameters.slots.size() == 2);

    const spec::ModelSpec by_name{.name = "mlp-32"};
    const auto model = build_model(by_name, {});
    CHECK(folded(by_name, model, initial_parameters(model, 1)).spec.layers.empty());
}

TEST_CASE("A batch normalization that isn't directly behind a convolution is refused by its place", "[model]")
{
    const auto text = [](const std::string& where) {
        return where + ": batch_norm can't be folded: it isn't directly behind a conv2d; move it there";
    };
    CHECK(refusal({BatchNorm{}, Flatten{}, Linear{2}}) == text("model.layers[0]"));
    CHECK(refusal({Conv2d{2, 1}, Relu{}, BatchNorm{}, Flatten{}, Linear{2}}) == text("model.layers[2]"));
    CHECK(refusal({Conv2d{2, 1}, BatchNorm{}, BatchNorm{}, Flatten{}, Linear{2}}) == text("model.layers[2]"));
    CHECK(refusal({spec::Residual{.layers = {BatchNorm{}, Conv2d{2, 1}}}, Flatten{}, Linear{2}}) ==
          text("model.layers[0].layers[0]"));
    CHECK(refusal({spec::Residual{.layers = {Conv2d{2, 1}}, .shortcut = {BatchNorm{}}}, Flatten{}, Linear{2}}) ==
          text("model.layers[0].shortcut[0]"));
}
