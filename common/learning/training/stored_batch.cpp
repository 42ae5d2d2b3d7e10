#include "common/learning/training/stored_batch.hpp"

#include <algorithm>

#include "common/learning/training/node_skew.hpp"

namespace fedgram::learning {

namespace {

// How far ahead images are fetched from memory. A shuffled batch's images lie anywhere, and the more of them are on
// their way at once, the sooner they come. In a run in order the CPU fetches most by itself.
constexpr std::size_t ahead_in_disorder = 32;
constexpr std::size_t ahead_in_order = 4;

}  // namespace

StoredBatch::StoredBatch(const Samples& data, std::size_t pixels_per_sample, const spec::Normalization& normalization)
    : data_{data}, pixels_per_sample_{pixels_per_sample}, normalization_{normalization}
{
    const auto channels = std::max(normalization.mean.size(), normalization.standard_deviation.size());
    for (std::size_t channel = 0; channel < channels; ++channel) {
        const double mean = normalization.mean[channel % normalization.mean.size()];
        const double deviation = normalization.standard_deviation[channel % normalization.standard_deviation.size()];
        lines_.emplace_back(1 / (255 * deviation), -mean / deviation);
    }
}

void StoredBatch::fetch(std::size_t index) const
{
    if (index >= indices_.size() || !data_.values.empty()) return;
    constexpr std::size_t cache_line = 64;
    const auto* const image = data_.pixels.data() + std::size_t{indices_[index]} * pixels_per_sample_;
    for (std::size_t at = 0; at < pixels_per_sample_; at += cache_line) __builtin_prefetch(image + at);
}

Batch StoredBatch::of(std::span<const std::uint32_t> indices)
{
    indices_ = indices;
    labels_.clear();
    for (const auto sample : indices) labels_.push_back(data_.labels[sample]);
    for (std::size_t i = 0; i < ahead_in_disorder; ++i) fetch(i);
    return {*this, labels_};
}

void StoredBatch::write_values(std::size_t index, float* to) const
{
    const auto* from = data_.values.data() + std::size_t{indices_[index]} * pixels_per_sample_;
    const auto& [means, deviations] = normalization_;
    const auto planes = lines_.size();
    const auto plane = pixels_per_sample_ / planes;
    for (std::size_t channel = 0; channel < planes; ++channel) {
        const double mean = means[channel % means.size()];
        const double deviation = deviations[channel % deviations.size()];
        for (std::size_t i = 0; i < plane; ++i) *to++ = static_cast<float>((*from++ - mean) / deviation);
    }
}

void StoredBatch::write(std::size_t index, float* to) const
{
    write_normalized(index, to);
    if (data_.skew != nullptr) data_.skew->apply(indices_[index], to);
}

void StoredBatch::write_normalized(std::size_t index, float* to) const
{
    if (!data_.values.empty()) return write_values(index, to);
    const bool in_order = index > 0 && indices_[index] == indices_[index - 1] + 1;
    fetch(index + (in_order ? ahead_in_order : ahead_in_disorder));
    const auto* from = data_.pixels.data() + std::size_t{indices_[index]} * pixels_per_sample_;
    const auto plane = pixels_per_sample_ / lines_.size();
    for (const auto& line : lines_) {
        line.apply(from, plane, to);
        from += plane;
        to += plane;
    }
}

}  // namespace fedgram::learning
