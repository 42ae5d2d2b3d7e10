#include "common/learning/stored_batch.hpp"

#include <algorithm>

#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

constexpr auto to_floats = [] [[gnu::always_inline]] (const std::uint8_t* bytes, std::size_t count, double scale,
                                                      double offset, float* floats) {
    for (std::size_t i = 0; i < count; ++i)
        floats[i] = static_cast<float>(scale * static_cast<double>(bytes[i]) + offset);
};

}  // namespace

StoredBatch::StoredBatch(const Samples& data, std::size_t pixels_per_sample, const spec::Normalization& normalization)
    : data_{data}, pixels_per_sample_{pixels_per_sample}
{
    const auto channels = std::max(normalization.mean.size(), normalization.standard_deviation.size());
    for (std::size_t channel = 0; channel < channels; ++channel) {
        const double mean = normalization.mean[channel % normalization.mean.size()];
        const double deviation = normalization.standard_deviation[channel % normalization.standard_deviation.size()];
        lines_.push_back({1 / (255 * deviation), -mean / deviation});
    }
}

void StoredBatch::prefetch(std::uint32_t sample) const
{
    constexpr std::size_t cache_line = 64;
    const auto* const image = data_.pixels.data() + std::size_t{sample} * pixels_per_sample_;
    for (std::size_t at = 0; at < pixels_per_sample_; at += cache_line) __builtin_prefetch(image + at);
}

Batch StoredBatch::of(std::span<const std::uint32_t> indices)
{
    indices_ = indices;
    labels_.clear();
    for (const auto sample : indices) labels_.push_back(data_.labels[sample]);
    return {*this, labels_};
}

void StoredBatch::write(std::size_t index, float* to) const
{
    // A shuffled batch's images lie anywhere: the next one is fetched while this one is turned into floats.
    if (index + 1 < indices_.size()) prefetch(indices_[index + 1]);
    const auto* from = data_.pixels.data() + std::size_t{indices_[index]} * pixels_per_sample_;
    const auto plane = pixels_per_sample_ / lines_.size();
    for (const auto& line : lines_) {
        for_this_cpu<to_floats>(from, plane, line.scale, line.offset, to);
        from += plane;
        to += plane;
    }
}

}  // namespace fedgram::learning
