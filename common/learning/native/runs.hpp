#pragma once

#include <cstddef>
#include <variant>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

[[nodiscard]] inline AlignedFloats& values_of(Activations& activations)
{
    return std::visit([](auto& each) -> AlignedFloats& { return each.values; }, activations);
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
/// the whole batch.
template <class Body>
void for_each_run(const Activations& a, const Activations& b, Part part, const Body& body)
{
    if (const auto* features = std::get_if<FeatureActivations>(&a)) {
        body(Run{0, 0, features->features * padded(part.count)});
        return;
    }
    const auto& x = std::get<ImageActivations>(a);
    const auto& y = std::get<ImageActivations>(b);
    for (std::size_t sample = part.first; sample < part.end(); ++sample)
        for (std::size_t row = 0; row < x.height; ++row)
            body(Run{sample * x.sample_stride + x.corner + row * x.row_stride,
                     sample * y.sample_stride + y.corner + row * y.row_stride, x.width * x.channels});
}

}  // namespace fedgram::learning::native
