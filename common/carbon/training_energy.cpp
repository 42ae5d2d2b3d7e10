#include "common/carbon/training_energy.hpp"

#include <algorithm>
#include <vector>

#include "common/energy/roofline.hpp"

namespace fedgram::carbon {

using energy::Phase;

TrainingEnergy federated_energy(std::span<const energy::RoundWork> rounds, const energy::DeviceProfile& edge,
                                const energy::Link& link)
{
    TrainingEnergy sum;
    std::vector<energy::NodeTimes> times;
    for (const auto& round : rounds) {
        times.clear();
        Seconds slowest;
        for (const auto& node : round.nodes) {
            times.push_back(energy::node_times(node, edge, link));
            slowest = std::max(slowest, times.back().sum());
            sum.bytes_down += node.bytes_down;
            sum.bytes_up += node.bytes_up;
        }
        for (const auto& node : times) {
            const auto waiting = slowest - node.sum();
            sum.download += edge.network_power() * node.download;
            sum.train += edge.train_power() * node.train;
            sum.upload += edge.network_power() * node.upload;
            sum.idle += edge.idle_power() * waiting;
            sum.busy += node.sum();
            sum.waiting += waiting;
        }
        sum.virtual_time += slowest;
    }
    return sum;
}

TrainingEnergy centralized_energy(std::span<const energy::LedgerLine> lines, const energy::DeviceProfile& device)
{
    TrainingEnergy sum;
    for (const auto& line : lines) {
        if (line.phase != Phase::train || line.wasted) continue;
        const auto seconds = energy::compute_time(line.work, device);
        sum.train += device.train_power() * seconds;
        sum.busy += seconds;
    }
    sum.virtual_time = sum.busy;
    return sum;
}

Joules coordinator_energy(std::span<const energy::LedgerLine> lines, const energy::DeviceProfile& device)
{
    Joules sum;
    for (const auto& line : lines)
        if ((line.phase == Phase::evaluate || line.phase == Phase::aggregate) && !line.wasted)
            sum += device.train_power() * energy::compute_time(line.work, device);
    return sum;
}

}  // namespace fedgram::carbon
