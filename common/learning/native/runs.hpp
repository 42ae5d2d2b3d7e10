#pragma once

#include <cstddef>
#include <variant>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

[[nodiscard]] inline std::span<float> values_of(const Activations& activations)
{
    return std::visit([](const auto& each) { return each.values; }, activations);
}

[[nodiscard]] inline std::span<float> gradients_of(const Activations& activations)
{
    return std::visit([](const auto& each) { return each.gradients; }, activations);
}

/// Where in two activations of the same shape, apart from their borders, the same `count` floats lie side by side.
struct Run {
    std::size_t a;
    std::size_t b;
    std::size_t count;
};

/// Calls `body(run)` for each run of some samples, in their order: a row of an image, or all features. Features are of
/// the whole batch. `layout(images)` says how images lie.
template <class Layout, class Body>
void for_each_run(const Activations& a, const Activations& b, Part part, const Layout& layout, const Body& body)
{
    if (const auto* features = std::get_if<FeatureActivations>(&a)) {
        body(Run{0, 0, features->features * padded(part.count)});
        return;
    }
    const auto& images = std::get<ImageActivations>(a);
    const ImageLayout& x = layout(images);
    const ImageLayout& y = layout(std::get<ImageActivations>(b));
    for (std::size_t sample = part.first; sample < part.end(); ++sample)
        for (std::size_t row = 0; row < images.height; ++row)
            body(Run{x.first_pixel(sample) + row * x.row_stride, y.first_pixel(sample) + row * y.row_stride,
                     images.width * images.channels});
}

/// The same of the values, and of gradients that lie as the values do.
template <class Body>
void for_each_run(const Activations& a, const Activations& b, Part part, const Body& body)
{
    for_each_run(
        a, b, part, [](const ImageActivations& images) -> const ImageLayout& { return images; }, body);
}

/// The same of the gradients.
template <class Body>
void for_each_gradient_run(const Activations& a, const Activations& b, Part part, const Body& body)
{
    for_each_run(
        a, b, part, [](const ImageActivations& images) -> const ImageLayout& { return images.gradient_layout; }, body);
}

}  // namespace fedgram::learning::native
