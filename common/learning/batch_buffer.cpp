#include "common/learning/batch_buffer.hpp"

#include <algorithm>

namespace fedgram::learning {

BatchBuffer::BatchBuffer(const Samples& data, std::size_t pixels_per_sample, const spec::Normalization& normalization)
    : data_{data},
      pixels_per_sample_{pixels_per_sample},
      values_of_bytes_(std::max(normalization.mean.size(), normalization.standard_deviation.size()))
{
    for (std::size_t channel = 0; channel < values_of_bytes_.size(); ++channel) {
        const auto of_channel = [channel](const std::vector<double>& values) {
            return values[channel % values.size()];
        };
        const double mean = of_channel(normalization.mean);
        const double standard_deviation = of_channel(normalization.standard_deviation);
        for (std::size_t byte = 0; byte < values_of_bytes_[channel].size(); ++byte)
            values_of_bytes_[channel][byte] =
                static_cast<float>((static_cast<double>(byte) / 255 - mean) / standard_deviation);
    }
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
    const auto plane = pixels_per_sample_ / values_of_bytes_.size();
    for (std::size_t i = 0; i < indices.size(); ++i) {
        // A shuffled batch's images lie anywhere: the next one is fetched while this one is turned into floats.
        if (i + 1 < indices.size()) prefetch(indices[i + 1]);
        const auto* from = data_.pixels.data() + std::size_t{indices[i]} * pixels_per_sample_;
        auto* to = pixels_.data() + i * pixels_per_sample_;
        for (const auto& values : values_of_bytes_) {
            to = std::transform(from, from + plane, to, [&values](std::uint8_t byte) { return values[byte]; });
            from += plane;
        }
        labels_[i] = data_.labels[indices[i]];
    }
    return {pixels_, labels_};
}

}  // namespace fedgram::learning
