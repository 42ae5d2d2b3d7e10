#include "common/learning/model/split_model.hpp"

#include <catch2/catch.hpp>

#include <numeric>

#include "common/error/error.hpp"
#include "common/learning/model/builtin_models.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

Model builtin(const std::string& name)
{
    return build_model({.name = name, .layers = *builtin_layers(name, 10)}, {1, 28, 28, 10});
}

std::string refusal(const Model& model, const std::string& layer)
{
    try {
        static_cast<void>(split_behind(model, layer));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "nothing";
}

}  // namespace

TEST_CASE("Behind frozen convolutions small-cnn costs what a hand counts")
{
    // By hand, of 2 FLOPs a multiply-accumulate: both convolutions take 2,032,128 forward; the linear layers, and what
    // activates them, 810,496 forward and backward. Frozen layers have no backward pass, and the first that learns
    // makes no gradient of its input.
    const auto whole = builtin("small-cnn");
    CHECK(whole.cost.forward_flops + whole.cost.backward_flops == 7'082'496);
    const auto split = split_behind(whole, "conv2");
    CHECK(split.rest.cost.forward_flops + split.rest.cost.backward_flops == 810'496);
    CHECK(split.frozen.cost.forward_flops + split.rest.cost.forward_flops + split.rest.cost.backward_flops ==
          2'842'624);
    CHECK(split.frozen.cost.forward_flops + split.rest.cost.forward_flops == whole.cost.forward_flops);
    CHECK(split.frozen.parameters.size + split.rest.parameters.size == whole.parameters.size);
    CHECK(split.rest.shape.channels * split.rest.shape.height * split.rest.shape.width == 1'568);
}

TEST_CASE("The rest's layers and tensors are called as in the whole model, and lie where it has them")
{
    // With buffers, which lie behind all that is trained, and layers inside residuals.
    const auto whole = builtin("resnet-8");
    const auto split = split_behind(whole, whole.layers[3].body.empty() ? "conv1" : whole.layers[3].name);
    std::vector<float> values(whole.parameters.size);
    std::iota(values.begin(), values.end(), 0.0F);
    const auto rest = rest_of(values, split.places);
    for (const auto& slot : split.rest.parameters.slots) {
        const auto of_whole = std::ranges::find(whole.parameters.slots, slot.name, &ParameterSlot::name);
        REQUIRE(of_whole != whole.parameters.slots.end());
        CHECK(slot.shape == of_whole->shape);
        CHECK(slot.is_trained == of_whole->is_trained);
        CHECK(rest[slot.offset] == values[of_whole->offset]);
        CHECK(rest[slot.offset + slot.size - 1] == values[of_whole->offset + slot.size - 1]);
    }
    CHECK(split.rest.layers.back().name == whole.layers.back().name);

    auto changed = values;
    put_rest(std::vector<float>(rest.size(), -1), split.places, changed);
    for (const auto place : split.places) CHECK(changed[place] == -1);
    put_rest(rest, split.places, changed);
    CHECK(changed == values);
}

TEST_CASE("Behind layers of features a flattening comes first")
{
    const auto split = split_behind(builtin("mlp-32"), "fc1");
    CHECK(split.rest.shape.channels == 32);
    CHECK(split.rest.shape.height == 1);
    CHECK(std::holds_alternative<spec::Flatten>(split.rest.layers.front().layer));
    CHECK(split.rest.parameters.slots.front().name == "fc2.weight");
}

TEST_CASE("A layer that isn't there, or behind which nothing learns, is refused")
{
    const auto model = builtin("small-cnn");
    CHECK(refusal(model, "conv3") == "\"conv3\" is no layer with parameters; use one of conv1, conv2, fc1, fc2");
    CHECK_THAT(refusal(model, "relu1"), Catch::StartsWith("\"relu1\" is no layer with parameters"));
    CHECK(refusal(model, "fc2") == "no layer is left to learn behind \"fc2\"; use an earlier one");
    CHECK_NOTHROW(split_behind(model, "fc1"));
    const auto residuals = builtin("resnet-8");
    CHECK_THAT(
        refusal(residuals, "residual1.conv2"),
        Catch::StartsWith("\"residual1.conv2\" is inside of residual1, which is frozen as a whole or not; use one "
                          "of conv1, ") &&
            Catch::Contains(" residual1, ") && !Catch::Contains(" residual1.conv"));
    CHECK_NOTHROW(split_behind(residuals, "residual1"));
}
