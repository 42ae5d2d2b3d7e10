#include "common/learning/batch_buffer.hpp"

#include <algorithm>

namespace fedgram::learning {

BatchBuffer::BatchBuffer(const Samples& data, std::size_t pixels_per_sample, const spec::Normalization& normalization)
    : data_{data}, pixels_per_sample_{pixels_per_sample}
{
    for (std::size_t byte = 0; byte < value_of_byte_.size(); ++byte)
        value_of_byte_[byte] = static_cast<float>((static_cast<double>(byte) / 255 - normalization.mean) /
                                                  normalization.standard_deviation);
}

void BatchBuffer::prefetch(std::uint32_t index) const
{
    constexpr std::size_t cache_line = 64;
    const auto* const image = data_.pixels.data() + std::size_t{index} * pixels_per_sample_;
    for (std::size_t at = 0; at < pixels_per_sample_; at += cache_line) __builtin_prefetch(image + at);
}

Batch BatchBuffer::gather(std::span<const std::uint32_t> indices)
{
    pixels_.resize(indices.size() * pixels_per_sample_);
    labels_.resize(indices.size());
    for (std::size_t i = 0; i < indices.size(); ++i) {
        // A shuffled batch's images lie anywhere: the next one is fetched while this one is turned into floats.
        if (i + 1 < indices.size()) prefetch(indices[i + 1]);
        const auto image = data_.pixels.subspan(indices[i] * pixels_per_sample_, pixels_per_sample_);
        std::transform(image.begin(), image.end(), pixels_.data() + i * pixels_per_sample_,
                       [this](std::uint8_t byte) { return value_of_byte_[byte]; });
        labels_[i] = data_.labels[indices[i]];
    }
    return {pixels_, labels_};
}

}  // namespace fedgram::learning
