#include "common/energy/pricing/training_energy.hpp"

namespace fedgram::energy {

void TrainingEnergy::add(const NodeRound& node, const NodeEnergy& energy)
{
    train += energy.train.joules;
    download += energy.download.joules;
    upload += energy.upload.joules;
    idle += energy.idle.joules;
    busy += energy.busy();
    waiting += energy.idle.seconds;
    bytes_down += node.bytes_down;
    bytes_up += node.bytes_up;
}

std::vector<TrainingEnergy> round_energy(std::span<const NodeRound> nodes, const RoundEnergy& priced,
                                         std::size_t groups)
{
    std::vector<TrainingEnergy> parts(groups);
    for (auto& part : parts) part.virtual_time = priced.virtual_time;
    for (std::size_t i = 0; i < nodes.size(); ++i) parts[nodes[i].node % groups].add(nodes[i], priced.nodes[i]);
    return parts;
}

FederatedCourse federated_course(std::span<const RoundWork> rounds, const DeviceProfile& edge, const Link& link,
                                 std::size_t groups)
{
    FederatedCourse course;
    course.groups.resize(groups);
    for (const auto& round : rounds) {
        const auto priced = price(round.nodes, edge, link);
        course.sum.virtual_time += priced.virtual_time;
        for (auto& group : course.groups) {
            group.intervals.emplace_back().virtual_time = priced.virtual_time;
            group.sum.virtual_time += priced.virtual_time;
        }
        for (std::size_t i = 0; i < round.nodes.size(); ++i) {
            const auto& node = round.nodes[i];
            auto& group = course.groups[node.node % groups];
            group.intervals.back().add(node, priced.nodes[i]);
            group.sum.add(node, priced.nodes[i]);
            course.sum.add(node, priced.nodes[i]);
        }
    }
    return course;
}

TrainingEnergy federated_energy(std::span<const RoundWork> rounds, const DeviceProfile& edge, const Link& link)
{
    TrainingEnergy sum;
    for (const auto& round : rounds) {
        const auto priced = price(round.nodes, edge, link);
        sum.virtual_time += priced.virtual_time;
        for (std::size_t i = 0; i < round.nodes.size(); ++i) sum.add(round.nodes[i], priced.nodes[i]);
    }
    return sum;
}

TrainingCourse centralized_course(std::span<const PhaseWork> training, const DeviceProfile& device)
{
    TrainingCourse course;
    for (const auto& each : training) {
        if (each.phase != Phase::train) continue;
        const auto priced = price(each.work, device);
        auto& interval = course.intervals.emplace_back();
        interval.virtual_time = interval.busy = priced.seconds;
        interval.train = priced.joules;
        course.sum.virtual_time += priced.seconds;
        course.sum.busy += priced.seconds;
        course.sum.train += priced.joules;
    }
    return course;
}

Joules coordinator_energy(std::span<const PhaseWork> training, const DeviceProfile& device)
{
    Joules sum;
    for (const auto& each : training)
        if (each.phase == Phase::evaluate || each.phase == Phase::aggregate) sum += price(each.work, device).joules;
    return sum;
}

}  // namespace fedgram::energy
