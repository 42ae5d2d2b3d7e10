#include "common/energy/pricing/pricing.hpp"

#include <algorithm>
#include <utility>

#include "common/energy/pricing/compute_time.hpp"

namespace fedgram::energy {

RoundEnergy price(std::span<const NodeRound> nodes, const DeviceProfile& edge, const Link& link)
{
    const auto network = [&](Seconds seconds) { return PhaseEnergy{seconds, edge.network_power() * seconds}; };
    const auto power = compute_power(edge);
    const auto computing = [&](const Work& work) {
        const auto time = compute_time(work, edge);
        return PhaseEnergy{time.sum(), power.over(time)};
    };
    RoundEnergy round;
    round.nodes.reserve(nodes.size());
    for (const auto& node : nodes) {
        const auto& priced = round.nodes.emplace_back(NodeEnergy{network(link.download_time(node.bytes_down)),
                                                                 computing(node.train),
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
    const auto time = compute_time(work, device);
    return {time.sum(), compute_power(device).over(time)};
}

std::vector<RoundWork> node_rounds(std::span<const PhaseWork> training)
{
    std::vector<const PhaseWork*> of_nodes;
    of_nodes.reserve(training.size());
    for (const auto& each : training) {
        const bool a_nodes_work =
            each.phase == Phase::download || each.phase == Phase::train || each.phase == Phase::upload;
        if (a_nodes_work && each.node) of_nodes.push_back(&each);
    }
    const auto place = [](const PhaseWork* work) { return std::pair{work->round, *work->node}; };
    if (!std::ranges::is_sorted(of_nodes, {}, place)) std::ranges::sort(of_nodes, {}, place);  // a ledger's lines are

    std::vector<RoundWork> rounds;
    for (const auto* each : of_nodes) {
        if (rounds.empty() || rounds.back().round != each->round) rounds.push_back({each->round, {}});
        auto& nodes = rounds.back().nodes;
        if (nodes.empty() || nodes.back().node != *each->node) nodes.emplace_back().node = *each->node;
        auto& node = nodes.back();
        node.bytes_down += each->work.bytes_down;
        node.bytes_up += each->work.bytes_up;
        if (each->phase != Phase::train) continue;
        node.train += each->work;
        node.train.bytes_down = node.train.bytes_up = 0;
    }
    return rounds;
}

}  // namespace fedgram::energy
