#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/engine.hpp"
#include "common/learning/training.hpp"

namespace fedgram::learning {

/// Turns stored samples into batches: bytes become floats by the spec's normalization, computed once per byte value,
/// and per channel where it has a value for each.
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
    std::vector<std::array<float, 256>> values_of_bytes_;  // for all channels, or for each
    std::vector<float> pixels_;
    std::vector<std::int64_t> labels_;
};

[[nodiscard]] inline std::size_t pixels_per_sample(const Shape& shape)
{
    return std::size_t{shape.channels} * shape.height * shape.width;
}

}  // namespace fedgram::learning
