#include "common/learning/model/model_width.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fedgram::learning {

namespace {

/// A layer's size and its base's; and the groups of a depthwise convolution, which are as many, or null.
struct Sizes {
    std::uint32_t* now = nullptr;
    std::uint32_t* base = nullptr;
    std::uint32_t* groups = nullptr;
};

/// Of all layers with a size, in their order.
void add_sizes(std::vector<spec::Layer>& layers, std::vector<Sizes>& sizes)
{
    for (auto& layer : layers) {
        if (auto* conv = std::get_if<spec::Conv2d>(&layer)) {
            const bool depthwise = conv->groups > 1 && conv->groups == conv->channels;
            sizes.push_back({&conv->channels, &conv->base_channels, depthwise ? &conv->groups : nullptr});
        }
        if (auto* linear = std::get_if<spec::Linear>(&layer))
            sizes.push_back({&linear->features, &linear->base_features});
        if (auto* residual = std::get_if<spec::Residual>(&layer)) {
            add_sizes(residual->layers, sizes);
            add_sizes(residual->shortcut, sizes);
        }
    }
}

std::uint32_t scaled(std::uint32_t size, double width)
{
    constexpr double most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp(std::round(size * width), 1.0, most));
}

}  // namespace

std::vector<spec::Layer> at_width(std::vector<spec::Layer> layers, double width)
{
    std::vector<Sizes> hidden;
    add_sizes(layers, hidden);
    if (!hidden.empty()) hidden.pop_back();
    for (const auto& [now, base, groups] : hidden) {
        const auto size = *base == 0 ? *now : *base;
        *now = scaled(size, width);
        *base = *now == size ? 0 : size;
        if (groups) *groups = *now;
    }
    return layers;
}

}  // namespace fedgram::learning
