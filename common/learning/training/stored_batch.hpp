#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/training/pixel_line.hpp"
#include "common/learning/training/training.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::learning {

/// Batches of stored samples, which are normalized as the spec says, per channel where it has a value for each.
class StoredBatch final : private Images {
public:
    /// Borrows `data` for its own life.
    StoredBatch(const Samples& data, std::size_t pixels_per_sample, const spec::Normalization& normalization);

    /// The samples at these indices, which it borrows, in this order. The batch is valid until the next call.
    [[nodiscard]] Batch of(std::span<const std::uint32_t> indices);

private:
    void write(std::size_t index, float* to) const override;
    void write_normalized(std::size_t index, float* to) const;
    void write_values(std::size_t index, float* to) const;
    void fetch(std::size_t index) const;

    Samples data_;
    std::size_t pixels_per_sample_;
    std::vector<PixelLine> lines_;       // for all channels, or for each
    spec::Normalization normalization_;  // of floats
    std::span<const std::uint32_t> indices_;
    std::vector<std::int64_t> labels_;
};

[[nodiscard]] inline std::size_t pixels_per_sample(const Shape& shape)
{
    return std::size_t{shape.channels} * shape.height * shape.width;
}

}  // namespace fedgram::learning
