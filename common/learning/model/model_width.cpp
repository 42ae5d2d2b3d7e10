#include "common/learning/model/model_width.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fedgram::learning {

namespace {

/// A layer's size and its base's; both null for a layer without weights.
struct Sizes {
    std::uint32_t* now = nullptr;
    std::uint32_t* base = nullptr;
};

Sizes sizes_of(spec::Layer& layer)
{
    if (auto* conv = std::get_if<spec::Conv2d>(&layer)) return {&conv->channels, &conv->base_channels};
    if (auto* linear = std::get_if<spec::Linear>(&layer)) return {&linear->features, &linear->base_features};
    return {};
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
    for (auto& layer : layers)
        if (const auto sizes = sizes_of(layer); sizes.now) hidden.push_back(sizes);
    if (!hidden.empty()) hidden.pop_back();
    for (const auto& [now, base] : hidden) {
        const auto size = *base == 0 ? *now : *base;
        *now = scaled(size, width);
        *base = *now == size ? 0 : size;
    }
    return layers;
}

}  // namespace fedgram::learning
