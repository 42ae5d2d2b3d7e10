#include "datasets/partition/iid_fraction_partitioner.hpp"

#include <cmath>
#include <vector>

#include "datasets/partition/apportion.hpp"
#include "datasets/partition/deal.hpp"
#include "datasets/partition/label_index.hpp"

namespace fedgram::datasets {

namespace {

/// One sample of each class in turn; a class that has run out is passed over.
std::vector<std::uint32_t> interleave(const std::vector<std::vector<std::uint32_t>>& by_label, std::size_t size)
{
    std::vector<std::uint32_t> interleaved;
    interleaved.reserve(size);
    for (std::size_t turn = 0; interleaved.size() < size; ++turn)
        for (const auto& samples : by_label)
            if (turn < samples.size()) interleaved.push_back(samples[turn]);
    return interleaved;
}

}  // namespace

Shares iid_fraction_partition(std::span<const std::uint8_t> labels, std::uint32_t classes, std::uint32_t nodes,
                              double iid_fraction, Stream& stream)
{
    auto by_label = indices_by_label(labels, classes);
    for (auto& samples : by_label) stream.shuffle(std::span{samples});
    const auto interleaved = interleave(by_label, labels.size());
    const auto even_size = static_cast<std::size_t>(std::round(iid_fraction * static_cast<double>(labels.size())));
    const auto even = std::span{interleaved}.first(even_size);

    std::vector<std::uint32_t> lower;
    std::vector<std::uint32_t> upper;
    for (const auto sample : std::span{interleaved}.subspan(even_size))
        (labels[sample] < classes / 2 ? lower : upper).push_back(sample);
    stream.shuffle(std::span{lower});
    stream.shuffle(std::span{upper});
    auto& skewed = lower;
    skewed.insert(skewed.end(), upper.begin(), upper.end());

    // The second deal evens out the first one's odd samples. No node's share of it is negative: where the two even
    // shares round to the same size, the whole has at least as many odd samples as its part.
    const auto even_counts = apportion_evenly(static_cast<std::uint32_t>(even.size()), nodes);
    auto skewed_counts = apportion_evenly(static_cast<std::uint32_t>(labels.size()), nodes);
    for (std::size_t node = 0; node < nodes; ++node) skewed_counts[node] -= even_counts[node];
    Shares shares(nodes);
    deal(even, even_counts, shares);
    deal(skewed, skewed_counts, shares);
    return shares;
}

}  // namespace fedgram::datasets
