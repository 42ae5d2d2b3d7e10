#include "common/carbon/training_energy.hpp"

#include "common/energy/pricing.hpp"

namespace fedgram::carbon {

using energy::Phase;

TrainingEnergy federated_energy(std::span<const energy::LedgerLine> lines, const energy::DeviceProfile& edge,
                                const energy::Link& link)
{
    TrainingEnergy sum;
    for (const auto& round : energy::node_rounds(lines)) {
        const auto priced = energy::price_round({}, round.round, round.nodes, edge, link);
        sum.virtual_time += priced.seconds;
        for (const auto& line : priced.lines) {
            (line.phase == Phase::idle ? sum.waiting : sum.busy) += line.seconds;
            auto& joules = line.phase == Phase::train      ? sum.train
                           : line.phase == Phase::download ? sum.download
                           : line.phase == Phase::upload   ? sum.upload
                                                           : sum.idle;
            joules += line.joules;
            sum.bytes_down += line.work.bytes_down;
            sum.bytes_up += line.work.bytes_up;
        }
    }
    return sum;
}

TrainingEnergy centralized_energy(std::span<const energy::LedgerLine> lines, const energy::DeviceProfile& device)
{
    TrainingEnergy sum;
    for (const auto& line : lines) {
        if (line.phase != Phase::train || line.wasted) continue;
        const auto priced = energy::price_phase({}, line.node, line.round, line.phase, line.work, device);
        sum.train += priced.joules;
        sum.busy += priced.seconds;
    }
    sum.virtual_time = sum.busy;
    return sum;
}

Joules coordinator_energy(std::span<const energy::LedgerLine> lines, const energy::DeviceProfile& device)
{
    Joules sum;
    for (const auto& line : lines)
        if ((line.phase == Phase::evaluate || line.phase == Phase::aggregate) && !line.wasted)
            sum += energy::price_phase({}, line.node, line.round, line.phase, line.work, device).joules;
    return sum;
}

}  // namespace fedgram::carbon
