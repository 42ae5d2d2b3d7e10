#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/training/pixel_line.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::client {

/// Makes pixels of bytes as the training did, bit for bit.
class PixelBytes {
public:
    PixelBytes(const spec::Normalization& normalization, std::size_t channels, std::size_t plane);

    /// Both are a whole image, [channel][row][column].
    void apply(std::span<const std::byte> bytes, std::span<float> pixels) const;

private:
    std::vector<learning::PixelLine> lines_;  // one for each channel
    std::size_t plane_;
};

}  // namespace fedgram::client
