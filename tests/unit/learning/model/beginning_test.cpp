#include "common/learning/model/beginning.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::learning;

namespace {

std::string names_of(const Model& model)
{
    std::string names;
    for (const auto& layer : model.layers) names += (names.empty() ? "" : " ") + layer.name;
    return names;
}

// A residual with another one in its body, and a shortcut.
Model nested()
{
    using namespace spec;
    const Residual inner{.layers = {Conv2d{.channels = 4, .kernel = 1}, Relu{}}};
    const Residual outer{.layers = {Conv2d{.channels = 4, .kernel = 1}, inner}, .shortcut = {Conv2d{4, 1}}};
    return build_model({.name = "nested", .layers = {Conv2d{2, 3}, Relu{}, outer, Relu{}, Flatten{}, Linear{3}}},
                       {.channels = 1, .height = 4, .width = 4, .classes = 3});
}

}  // namespace

TEST_CASE("What comes before a layer in a residual are the layers on its own path", "[model]")
{
    const auto model = nested();
    const auto& outer = model.layers[2];
    const auto& inner = outer.body[1];
    CHECK(names_of(beginning(model, model.layers[0])) == "conv1");
    CHECK(names_of(beginning(model, outer.body[0])) == "conv1 relu1 residual1.conv2");
    CHECK(names_of(beginning(model, inner.body[1])) ==
          "conv1 relu1 residual1.conv2 residual1.residual2.conv3 residual1.residual2.relu2");
    CHECK(names_of(beginning(model, inner)) == "conv1 relu1 residual1.conv2 residual1.residual2");
    CHECK(names_of(beginning(model, outer.shortcut[0])) == "conv1 relu1 residual1.conv4");
    CHECK(names_of(beginning(model, outer)) == "conv1 relu1 residual1");
    CHECK(names_of(beginning(model, model.layers.back())) == "conv1 relu1 residual1 relu3 flatten1 fc1");
}

TEST_CASE("A beginning costs what its layers do", "[model]")
{
    const auto model = nested();
    const auto whole = beginning(model, model.layers.back());
    CHECK(whole.cost.forward_flops == model.cost.forward_flops);
    CHECK(whole.cost.forward_bytes == model.cost.forward_bytes);
    CHECK(whole.cost.kernels.forward == model.cost.kernels.forward);
    CHECK(whole.parameters.size == model.parameters.size);

    const auto shortcut = beginning(model, model.layers[2].shortcut[0]);
    // By hand: 2 x 2 pixels, 2 channels of 9 terms and 4 of 2.
    CHECK(shortcut.cost.forward_flops == 2 * 4 * (2 * 9 + 4 * 2));
    CHECK(shortcut.parameters.size == 2 * 9 + 2 + 4 * 2 + 4);
}
