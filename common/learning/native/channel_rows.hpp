#pragma once

#include <cstddef>
#include <span>

#include "common/learning/native/activations.hpp"

namespace fedgram::learning::native {

/// Writes one value for each channel to each pixel of a row of `row_size` floats.
void spread(std::span<const float> of_channels, std::size_t row_size, float* row);

/// Adds the pixels of a row of `row_size` floats to one sum for each channel.
void fold(const float* row, std::size_t row_size, std::span<double> of_channels);

}  // namespace fedgram::learning::native
