#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <variant>

#include "common/learning/native/aligned_floats.hpp"
#include "common/learning/native/kernels.hpp"

namespace fedgram::learning::native {

/// What one stage gives to the next while the data are images: [sample][row][column][channel], with a border of zeros
/// for a convolution that pads. Channels lie side by side, so that a window's row is one run of memory.
struct ImageActivations {
    ImageActivations(std::size_t channel_count, std::size_t rows, std::size_t columns, std::size_t border)
        : channels{channel_count},
          height{rows},
          width{columns},
          row_stride{(columns + 2 * border) * channels},
          sample_stride{(rows + 2 * border) * row_stride},
          corner{border * row_stride + border * channels}
    {
    }

    /// Of so many samples. Kernels read and write up to a lane_block behind the last one.
    [[nodiscard]] std::size_t floats(std::size_t samples) const { return samples * sample_stride + lane_block; }
    [[nodiscard]] std::size_t value_floats(std::size_t samples) const
    {
        return floats(kept == 0 ? samples : std::min(kept, samples));
    }
    /// Where a sample's values begin. Its gradients begin at `sample * sample_stride`.
    [[nodiscard]] std::size_t place(std::size_t sample) const
    {
        return (kept == 0 ? sample : sample % kept) * sample_stride;
    }
    [[nodiscard]] std::size_t floats_of_sample() const { return sample_stride; }

    std::size_t channels;
    std::size_t height;
    std::size_t width;
    std::size_t row_stride;
    std::size_t sample_stride;
    std::size_t corner;    ///< of a sample's first pixel inside the border
    std::size_t kept = 0;  ///< values are held for so many samples, those of one part; 0: for all
    AlignedFloats values;
    std::span<float> gradients;  ///< in memory that others use before and after: only while a batch goes backward
};

/// The same once the data are flat: [feature][sample], with padded(samples) columns. Samples lie side by side, so that
/// each lane of a register is another sample's.
struct FeatureActivations {
    explicit FeatureActivations(std::size_t count) : features{count} {}

    [[nodiscard]] std::size_t floats(std::size_t samples) const { return features * padded(samples); }
    [[nodiscard]] std::size_t value_floats(std::size_t samples) const { return floats(samples); }
    [[nodiscard]] std::size_t floats_of_sample() const { return features; }

    std::size_t features;
    AlignedFloats values;
    std::span<float> gradients;
    /// The values sample by sample, [sample][feature], where the stage that made them has them so; else null.
    const float* rows = nullptr;
};

using Activations = std::variant<ImageActivations, FeatureActivations>;

}  // namespace fedgram::learning::native
