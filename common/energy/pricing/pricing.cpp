#include "common/energy/pricing/pricing.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "common/energy/pricing/roofline.hpp"

namespace fedgram::energy {

RoundEnergy price(std::span<const NodeRound> nodes, const DeviceProfile& edge, const Link& link)
{
    const auto network = [&](Seconds seconds) { return PhaseEnergy{seconds, edge.network_power() * seconds}; };
    RoundEnergy round;
    round.nodes.reserve(nodes.size());
    for (const auto& node : nodes) {
        const auto& priced = round.nodes.emplace_back(NodeEnergy{network(link.download_time(node.bytes_down)),
                                                                 price(node.train, edge),
                                                                 network(link.upload_time(node.bytes_up)),
                                                                 {}});
        round.virtual_time = std::max(round.virtual_time, priced.busy());
    }
    for (auto& node : round.nodes) {
        const auto waiting = round.virtual_time - node.busy();
        node.idle = {waiting, edge.idle_power() * waiting};
    }
    return round;
}

PhaseEnergy price(const Work& work, const DeviceProfile& device)
{
    const auto seconds = compute_time(work, device);
    return {seconds, device.train_power() * seconds};
}

std::vector<RoundWork> node_rounds(std::span<const PhaseWork> training)
{
    std::map<std::pair<std::uint32_t, std::uint32_t>, NodeRound> by_round_and_node;
    for (const auto& each : training) {
        const bool a_nodes_work =
            each.phase == Phase::download || each.phase == Phase::train || each.phase == Phase::upload;
        if (!a_nodes_work || !each.node) continue;
        auto& entry = by_round_and_node[{each.round, *each.node}];
        entry.bytes_down += each.work.bytes_down;
        entry.bytes_up += each.work.bytes_up;
        if (each.phase == Phase::train) entry.train += each.work;
    }
    std::vector<RoundWork> rounds;
    for (auto& [key, entry] : by_round_and_node) {
        if (rounds.empty() || rounds.back().round != key.first) rounds.push_back({key.first, {}});
        entry.node = key.second;
        entry.train.bytes_down = entry.train.bytes_up = 0;
        rounds.back().nodes.push_back(entry);
    }
    return rounds;
}

}  // namespace fedgram::energy
