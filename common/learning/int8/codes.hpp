#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/learning/native/aligned_floats.hpp"

namespace fedgram::learning::int8 {

template <class Value>
using Aligned = std::vector<Value, native::CacheLineAllocator<Value>>;

/// Where the codes of images lie: [sample][row][column][channel], with a border for the convolutions that pad, as wide
/// as the widest padding. Channels lie side by side, so that a window's row is one run of memory. What is flat has one
/// pixel, or those that were flattened.
struct CodeLayout {
    std::size_t channels = 1;
    std::size_t height = 1;
    std::size_t width = 1;
    std::size_t border = 0;

    [[nodiscard]] std::size_t row_stride() const { return (width + 2 * border) * channels; }
    [[nodiscard]] std::size_t sample_stride() const { return (height + 2 * border) * row_stride(); }
    /// Of a sample's first pixel inside the border.
    [[nodiscard]] std::size_t corner() const { return corner(0); }
    /// Of the first pixel inside what is left of the border behind a padding, which is at most as wide.
    [[nodiscard]] std::size_t corner(std::size_t padding) const
    {
        return (border - padding) * (row_stride() + channels);
    }
};

}  // namespace fedgram::learning::int8
