#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/learning/engine.hpp"
#include "common/learning/training.hpp"

namespace fedgram::learning {

/// Turns stored samples into batches: bytes become floats by the spec's normalization, per channel where it has a value
/// for each. A float is `scale * byte + offset`, computed in double precision and rounded once.
class BatchBuffer {
public:
    /// Borrows `data` for its own life.
    BatchBuffer(const Samples& data, std::size_t pixels_per_sample, const spec::Normalization& normalization);

    /// The samples at these indices, in this order. The batch is valid until the next call.
    [[nodiscard]] Batch gather(std::span<const std::uint32_t> indices);

private:
    void prefetch(std::uint32_t index) const;

    Samples data_;
    std::size_t pixels_per_sample_;
    struct Line {
        double scale;
        double offset;
    };
    std::vector<Line> lines_;  // for all channels, or for each
    std::unique_ptr<float[]> pixels_;  // not filled with zeros before the pixels
    std::size_t capacity_ = 0;         // in floats
    std::vector<std::int64_t> labels_;
};

[[nodiscard]] inline std::size_t pixels_per_sample(const Shape& shape)
{
    return std::size_t{shape.channels} * shape.height * shape.width;
}

}  // namespace fedgram::learning
