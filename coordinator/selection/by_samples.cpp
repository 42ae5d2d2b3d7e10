#include "coordinator/selection/by_samples.hpp"

#include "coordinator/selection/weighted_draw.hpp"

namespace fedgram::coordinator {

std::vector<std::uint32_t> draw_by_samples(std::uint64_t seed, const Moment& moment, const NodeFacts& nodes,
                                           std::size_t size)
{
    std::vector<WeightedNode> weighted;
    weighted.reserve(moment.available.size());
    for (const auto node : moment.available) weighted.push_back({node, static_cast<double>(nodes.samples(node))});
    return draw_weighted(seed, moment.round, weighted, size);
}

Decision BySamples::select(const Moment& moment) const
{
    return Cohort{draw_by_samples(seed_, moment, nodes_, moment.cohort_size)};
}

}  // namespace fedgram::coordinator
