#include "common/learning/model/width_scaling.hpp"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "common/learning/model/model.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

Model mup(const std::string& name, double width)
{
    return build_model(
        {.name = name, .layers = {}, .torchscript = {}, .width = width, .parametrization = spec::Parametrization::mup},
        Shape{});
}

struct Expected {
    std::string slot;
    double initial;
    double sgd_rate;
    double adam_rate;
};

void check(const Model& model, const std::vector<Expected>& expected)
{
    REQUIRE(model.parameters.slots.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& slot = model.parameters.slots[i];
        INFO(expected[i].slot);
        CHECK(slot.name == expected[i].slot);
        CHECK(slot.scaling.initial == expected[i].initial);
        CHECK(slot.scaling.sgd_rate == expected[i].sgd_rate);
        CHECK(slot.scaling.adam_rate == expected[i].adam_rate);
    }
}

double largest(const Model& model, std::size_t slot)
{
    const auto values = initial_parameters(model, 1);
    double largest = 0;
    const auto& at = model.parameters.slots[slot];
    for (std::size_t i = at.offset; i < at.offset + at.size; ++i)
        largest = std::max(largest, std::abs(static_cast<double>(values[i])));
    return largest;
}

}  // namespace

TEST_CASE("At four times its width an MLP is scaled as worked out by hand")
{
    // 784-200-200-10 becomes 784-800-800-10. The first weight's inputs stay and its outputs grow by 4; the second's
    // grow both; the last one's inputs alone. A bias starts as if its layer had the base model's inputs: 4 times as
    // many would halve it.
    check(mup("mlp", 4), {{"fc1.weight", 1, 4, 1},
                          {"fc1.bias", 1, 4, 1},
                          {"fc2.weight", 1, 1, 0.25},
                          {"fc2.bias", 2, 4, 1},
                          {"fc3.weight", 0.5, 0.25, 0.25},
                          {"fc3.bias", 2, 1, 1}});
}

TEST_CASE("At four times its width a CNN is scaled by its channels, flattened ones too")
{
    // Channels 1-16-32 become 1-64-128, and the 32 x 49 inputs of the linear layer 128 x 49: 4 times as many.
    check(mup("small-cnn", 4), {{"conv1.weight", 1, 4, 1},
                                {"conv1.bias", 1, 4, 1},
                                {"conv2.weight", 1, 1, 0.25},
                                {"conv2.bias", 2, 4, 1},
                                {"fc1.weight", 1, 1, 0.25},
                                {"fc1.bias", 2, 4, 1},
                                {"fc2.weight", 0.5, 0.25, 0.25},
                                {"fc2.bias", 2, 1, 1}});
}

TEST_CASE("Of sides that grow differently, a weight's rate goes by both and Adam's by its inputs")
{
    // Twice as many inputs, eight times as many outputs.
    const auto weight = mup_weight({2, 8});
    CHECK(weight.initial == 1);
    CHECK(weight.sgd_rate == 4);
    CHECK(weight.adam_rate == 0.5);
    CHECK(mup_bias({4, 8}).sgd_rate == 8);
}

TEST_CASE("First values are within the bounds that the scaling gives")
{
    const auto model = mup("mlp", 4);
    // fc2.weight 1/sqrt(800) and its bias 1/sqrt(200); fc3.weight sqrt(200)/800, and its bias 1/sqrt(200).
    const auto near = [](double bound) { return Approx(bound).epsilon(0.02); };
    CHECK(largest(model, 2) == near(1 / std::sqrt(800)));
    CHECK(largest(model, 3) == near(1 / std::sqrt(200)));
    CHECK(largest(model, 4) == near(std::sqrt(200) / 800));
    CHECK(largest(model, 4) <= std::sqrt(200) / 800);
    CHECK(largest(model, 5) <= 1 / std::sqrt(200));
}

TEST_CASE("As wide as its base, a model by muP is the standard one bit for bit")
{
    for (const std::string name : {"small-cnn", "mlp"}) {
        const auto model = mup(name, 1);
        for (const auto& slot : model.parameters.slots) {
            CHECK(slot.scaling.initial == 1);
            CHECK(slot.scaling.sgd_rate == 1);
            CHECK(slot.scaling.adam_rate == 1);
        }
        const auto standard = build_model({.name = name, .layers = {}, .torchscript = {}}, Shape{});
        CHECK(initial_parameters(model, 5) == initial_parameters(standard, 5));
    }
}

TEST_CASE("By the standard parametrization a wide model learns as PyTorch's does")
{
    const auto model = build_model({.name = "mlp", .layers = {}, .torchscript = {}, .width = 4}, Shape{});
    for (const auto& slot : model.parameters.slots) {
        CHECK(slot.scaling.initial == 1);
        CHECK(slot.scaling.sgd_rate == 1);
    }
    CHECK(largest(model, 4) == Approx(1 / std::sqrt(800)).epsilon(0.02));
}
