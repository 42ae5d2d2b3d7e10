#include "common/energy/pricing/pricing.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "common/energy/pricing/roofline.hpp"

namespace fedgram::energy {

namespace {

Seconds transfer_time(std::uint64_t bytes, double mbit_s)
{
    return Seconds{static_cast<double>(bytes) * 8 / (mbit_s * 1e6)};
}

LedgerLine line_of(const std::string& training, std::optional<std::uint32_t> node, std::uint32_t round, Phase phase,
                   const Work& work, Seconds seconds, Watts power, const DeviceProfile& profile)
{
    const PhaseWork done{node, round, phase, work};
    return {done, training, seconds, power * seconds, "modelled", profile.boundary, "device profile " + profile.id};
}

}  // namespace

NodeTimes node_times(const NodeRound& node, const DeviceProfile& edge, const Link& link)
{
    return {transfer_time(node.bytes_down, link.download_mbit_s), compute_time(node.train, edge),
            transfer_time(node.bytes_up, link.upload_mbit_s)};
}

PricedRound price_round(const std::string& training, std::uint32_t round, std::span<const NodeRound> nodes,
                        const DeviceProfile& edge, const Link& link)
{
    std::vector<NodeTimes> times;
    times.reserve(nodes.size());
    PricedRound priced;
    for (const auto& node : nodes) {
        times.push_back(node_times(node, edge, link));
        priced.seconds = std::max(priced.seconds, times.back().sum());
    }
    priced.lines.reserve(4 * nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto add = [&](Phase phase, const Work& work, Seconds seconds, Watts power) {
            priced.lines.push_back(line_of(training, nodes[i].node, round, phase, work, seconds, power, edge));
        };
        Work download;
        download.bytes_down = nodes[i].bytes_down;
        Work train = nodes[i].train;
        train.bytes_down = train.bytes_up = 0;
        Work upload;
        upload.bytes_up = nodes[i].bytes_up;
        add(Phase::download, download, times[i].download, edge.network_power());
        add(Phase::train, train, times[i].train, edge.train_power());
        add(Phase::upload, upload, times[i].upload, edge.network_power());
        add(Phase::idle, {}, priced.seconds - times[i].sum(), edge.idle_power());
    }
    return priced;
}

LedgerLine price_phase(const std::string& training, std::optional<std::uint32_t> node, std::uint32_t round, Phase phase,
                       const Work& work, const DeviceProfile& profile)
{
    return line_of(training, node, round, phase, work, compute_time(work, profile), profile.train_power(), profile);
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
