#include "common/learning/model/model_width.hpp"

#include <catch2/catch.hpp>

#include "common/learning/model/builtin_models.hpp"
#include "common/learning/model/model.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

struct Size {
    std::uint32_t now = 0;
    std::uint32_t base = 0;

    bool operator==(const Size&) const = default;
};

std::vector<Size> sizes(const std::vector<spec::Layer>& layers)
{
    std::vector<Size> sizes;
    for (const auto& layer : layers) {
        if (const auto* conv = std::get_if<spec::Conv2d>(&layer))
            sizes.push_back({conv->channels, conv->base_channels});
        if (const auto* linear = std::get_if<spec::Linear>(&layer))
            sizes.push_back({linear->features, linear->base_features});
    }
    return sizes;
}

std::vector<Size> lenet5_at(double width) { return sizes(at_width(*builtin_layers("lenet5"), width)); }

}  // namespace

TEST_CASE("A width scales channels and features, but for the last layer's")
{
    // 6, 16, 120, 84 and the classes.
    CHECK(lenet5_at(2) == std::vector<Size>{{12, 6}, {32, 16}, {240, 120}, {168, 84}, {10, 0}});
    CHECK(lenet5_at(0.25) == std::vector<Size>{{2, 6}, {4, 16}, {30, 120}, {21, 84}, {10, 0}});  // 1.5 rounds up
    CHECK(lenet5_at(0.001) == std::vector<Size>{{1, 6}, {1, 16}, {1, 120}, {1, 84}, {10, 0}});
    CHECK(lenet5_at(1) == std::vector<Size>{{6, 0}, {16, 0}, {120, 0}, {84, 0}, {10, 0}});
}

TEST_CASE("A width is that of the base, whatever the layers' own")
{
    const auto narrow = at_width(*builtin_layers("small-cnn"), 0.25);
    CHECK(sizes(at_width(narrow, 2)) == sizes(at_width(*builtin_layers("small-cnn"), 2)));
    CHECK(sizes(at_width(narrow, 1)) == sizes(*builtin_layers("small-cnn")));
}

TEST_CASE("A width scales what is inside residuals, and a depthwise convolution's groups with its channels")
{
    for (const auto* const name : {"resnet-8", "ds-cnn", "mobilenet-v1-025", "resnet-18-gn"}) {
        INFO(name);
        const auto at = [&](double width) {
            return build_model({.name = name, .layers = {}, .torchscript = {}, .width = width}, Shape{});
        };
        const auto whole = at(1);
        const auto wide = at(2);
        for (std::size_t i = 0; i < whole.parameters.slots.size(); ++i) {
            const auto& slot = wide.parameters.slots[i];
            const bool is_last = slot.name.starts_with("fc");
            if (slot.name != "fc1.bias") CHECK(slot.size > whole.parameters.slots[i].size);
            CHECK(slot.shape[0] == whole.parameters.slots[i].shape[0] * (is_last ? 1 : 2));
        }
    }
}

TEST_CASE("A size beyond any model stays one, for the model to refuse")
{
    const auto layers = at_width({spec::Flatten{}, spec::Linear{4'000'000'000}, spec::Linear{10}}, 1000);
    CHECK(sizes(layers).front().now == 4'294'967'295);
    CHECK(at_width({spec::Flatten{}}, 2).size() == 1);
}
