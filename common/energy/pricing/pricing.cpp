#include "common/energy/pricing/pricing.hpp"

#include <algorithm>

namespace fedgram::energy {

namespace {

bool do_the_same(const NodeRound& a, const NodeRound& b)
{
    return a.train == b.train && a.bytes_down == b.bytes_down && a.bytes_up == b.bytes_up;
}

}  // namespace

SharePricing::SharePricing(const DeviceProfile& edge, const Link& link)
    : edge_{edge}, link_{link}, power_{compute_power(edge)}
{
}

NodeEnergy SharePricing::busy(const Work& train, std::uint64_t bytes_down, std::uint64_t bytes_up) const
{
    const auto network = [&](Seconds seconds) { return PhaseEnergy{seconds, edge_.network_power() * seconds}; };
    const auto time = compute_time(train, edge_);
    return {network(link_.download_time(bytes_down)),
            {time.sum(), power_.over(time)},
            network(link_.upload_time(bytes_up)),
            {}};
}

RoundEnergy price(std::span<const NodeRound> nodes, const DeviceProfile& edge, const Link& link)
{
    const SharePricing pricing{edge, link};
    RoundEnergy round;
    round.nodes.reserve(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto& node = nodes[i];
        const bool is_known = i > 0 && do_the_same(nodes[i - 1], node);  // equal nodes, one after the other
        round.nodes.push_back(is_known ? NodeEnergy{round.nodes.back()}
                                       : pricing.busy(node.train, node.bytes_down, node.bytes_up));
        round.virtual_time = std::max(round.virtual_time, round.nodes.back().busy());
    }
    for (auto& node : round.nodes) node.idle = pricing.idle(round.virtual_time - node.busy());
    return round;
}

PhaseEnergy price(const Work& work, const DeviceProfile& device)
{
    const auto time = compute_time(work, device);
    return {time.sum(), compute_power(device).over(time)};
}

}  // namespace fedgram::energy
