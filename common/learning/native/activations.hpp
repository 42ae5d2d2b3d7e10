#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <variant>

#include "common/learning/native/aligned_floats.hpp"
#include "common/learning/native/kernels.hpp"

namespace fedgram::learning::native {

/// How the pixels of images lie: [sample][row][column][channel], with a border around each image.
struct ImageLayout {
    ImageLayout(std::size_t channels, std::size_t rows, std::size_t columns, std::size_t pixels_around)
        : border{pixels_around},
          row_stride{(columns + 2 * border) * channels},
          sample_stride{(rows + 2 * border) * row_stride},
          corner{border * row_stride + border * channels}
    {
    }

    /// Where a sample begins.
    [[nodiscard]] std::size_t place(std::size_t sample) const
    {
        return (kept == 0 ? sample : sample % kept) * sample_stride;
    }
    /// Where its first pixel inside the border is.
    [[nodiscard]] std::size_t first_pixel(std::size_t sample) const { return place(sample) + corner; }
    /// Of so many samples. Kernels read and write up to a lane_block behind the last one.
    [[nodiscard]] std::size_t floats(std::size_t samples) const
    {
        return (kept == 0 ? samples : std::min(kept, samples)) * sample_stride + lane_block;
    }

    std::size_t border;  ///< pixels on each side
    std::size_t row_stride;
    std::size_t sample_stride;
    std::size_t corner;    ///< of a sample's first pixel inside the border
    std::size_t kept = 0;  ///< held for so many samples, those of one part; 0: for all

    friend bool operator==(const ImageLayout&, const ImageLayout&) = default;
};

/// What one stage gives to the next while the data are images, with a border of zeros for a convolution that pads.
/// Channels lie side by side, so that a window's row is one run of memory.
struct ImageActivations : ImageLayout {
    ImageActivations(std::size_t channel_count, std::size_t rows, std::size_t columns, std::size_t pixels_around)
        : ImageLayout{channel_count, rows, columns, pixels_around},
          channels{channel_count},
          height{rows},
          width{columns},
          gradient_layout{channel_count, rows, columns, pixels_around}
    {
    }

    [[nodiscard]] std::size_t floats_of_sample() const { return sample_stride; }

    std::size_t channels;
    std::size_t height;
    std::size_t width;
    std::span<float> values;
    /// That of the values, unless they are held for one part alone: then it may have another border, of zeros.
    ImageLayout gradient_layout;
    std::span<float> gradients;  ///< in memory that others use before and after: only while a batch goes backward
};

/// The same once the data are flat: [feature][sample], with padded(samples) columns. Samples lie side by side, so that
/// each lane of a register is another sample's.
struct FeatureActivations {
    explicit FeatureActivations(std::size_t count) : features{count} {}

    [[nodiscard]] std::size_t floats(std::size_t samples) const { return features * padded(samples); }
    [[nodiscard]] std::size_t floats_of_sample() const { return features; }

    std::size_t features;
    std::span<float> values;
    std::span<float> gradients;
    /// The values sample by sample, [sample][feature], where the stage that made them has them so; else null.
    const float* rows = nullptr;
};

using Activations = std::variant<ImageActivations, FeatureActivations>;

}  // namespace fedgram::learning::native
