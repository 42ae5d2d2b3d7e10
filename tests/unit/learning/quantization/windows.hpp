#pragma once

#include <cstdint>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// Channels, height and width, or a number of features.
using Extents = std::vector<std::int64_t>;

[[nodiscard]] inline Extents input_extents(const Model& model, std::size_t layer)
{
    if (layer > 0) return model.layers[layer - 1].output_shape;
    return {model.shape.channels, model.shape.height, model.shape.width};
}

/// Calls visit(place of the pixel, its row and column in the window) for each pixel of a channel's window that lies in
/// the image.
template <class Visit>
void for_window(const Extents& in, std::int64_t channel, std::int64_t row, std::int64_t column, std::int64_t kernel,
                Visit visit)
{
    for (std::int64_t i = 0; i < kernel; ++i)
        for (std::int64_t j = 0; j < kernel; ++j) {
            const std::int64_t y = row + i;
            const std::int64_t x = column + j;
            if (y < 0 || y >= in[1] || x < 0 || x >= in[2]) continue;
            visit(static_cast<std::size_t>((channel * in[1] + y) * in[2] + x), i, j);
        }
}

/// Calls visit(channel, row, column) for each output of an image, in the order in which they lie.
template <class Visit>
void for_pixels(const Extents& out, Visit visit)
{
    for (std::int64_t channel = 0; channel < out[0]; ++channel)
        for (std::int64_t row = 0; row < out[1]; ++row)
            for (std::int64_t column = 0; column < out[2]; ++column) visit(channel, row, column);
}

}  // namespace fedgram::learning
