#include "common/masking/mask_graph.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "common/random/stream.hpp"
#include "common/spec/secure_aggregation.hpp"

namespace fedgram::masking {

MaskGraph::MaskGraph(std::uint64_t seed, std::uint32_t round, std::span<const std::uint32_t> cohort,
                     std::uint32_t degree)
    : nodes_(cohort.begin(), cohort.end()),
      ring_(cohort.size()),
      places_(cohort.size()),
      degree_{spec::regular_degree(degree, static_cast<std::uint32_t>(cohort.size()))}
{
    std::ranges::sort(nodes_);
    assert(std::ranges::adjacent_find(nodes_) == nodes_.end());
    std::vector<std::uint32_t> order(nodes_.size());
    std::iota(order.begin(), order.end(), 0U);
    Stream{seed, Purpose::mask_graph, round}.shuffle(std::span{order});
    for (std::uint32_t place = 0; place < order.size(); ++place) {
        ring_[place] = nodes_[order[place]];
        places_[order[place]] = place;
    }
}

std::vector<std::uint32_t> MaskGraph::neighbours(std::uint32_t node) const
{
    const auto found = std::ranges::lower_bound(nodes_, node);
    assert(found != nodes_.end() && *found == node);
    const std::size_t size = ring_.size();
    const std::size_t place = places_[static_cast<std::size_t>(found - nodes_.begin())];
    std::vector<std::uint32_t> result;
    result.reserve(degree_);
    for (std::size_t distance = 1; distance <= degree_ / 2; ++distance) {
        result.push_back(ring_[(place + distance) % size]);
        result.push_back(ring_[(place + size - distance) % size]);
    }
    if (degree_ % 2 == 1) result.push_back(ring_[(place + size / 2) % size]);
    std::ranges::sort(result);
    return result;
}

}  // namespace fedgram::masking
