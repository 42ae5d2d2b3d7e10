#include "common/energy/pricing/training_energy.hpp"

#include <algorithm>

#include "common/energy/pricing/roofline.hpp"

namespace fedgram::carbon {

using energy::Phase;

namespace {

PhaseEnergy node_energy(const energy::NodeRound& node, const energy::NodeTimes& times, Seconds slowest,
                        const energy::DeviceProfile& edge)
{
    PhaseEnergy energy;
    energy.download = edge.network_power() * times.download;
    energy.train = edge.train_power() * times.train;
    energy.upload = edge.network_power() * times.upload;
    energy.busy = times.sum();
    energy.waiting = slowest - times.sum();
    energy.idle = edge.idle_power() * energy.waiting;
    energy.bytes_down = node.bytes_down;
    energy.bytes_up = node.bytes_up;
    return energy;
}

}  // namespace

PhaseEnergy& PhaseEnergy::operator+=(const PhaseEnergy& other)
{
    train += other.train;
    download += other.download;
    upload += other.upload;
    idle += other.idle;
    busy += other.busy;
    waiting += other.waiting;
    bytes_down += other.bytes_down;
    bytes_up += other.bytes_up;
    return *this;
}

std::vector<TrainingCourse> federated_courses(std::span<const energy::RoundWork> rounds,
                                              const energy::DeviceProfile& edge, const energy::Link& link,
                                              std::size_t groups)
{
    std::vector<TrainingCourse> courses(groups);
    std::vector<energy::NodeTimes> times;
    for (const auto& round : rounds) {
        times.clear();
        Seconds slowest;
        for (const auto& node : round.nodes) {
            times.push_back(energy::node_times(node, edge, link));
            slowest = std::max(slowest, times.back().sum());
        }
        for (auto& course : courses) {
            course.intervals.emplace_back().virtual_time = slowest;
            course.sum.virtual_time += slowest;
        }
        for (std::size_t i = 0; i < times.size(); ++i) {
            const auto& node = round.nodes[i];
            const auto drawn = node_energy(node, times[i], slowest, edge);
            auto& course = courses[node.node % groups];
            course.intervals.back() += drawn;
            course.sum += drawn;
        }
    }
    return courses;
}

TrainingEnergy federated_energy(std::span<const energy::RoundWork> rounds, const energy::DeviceProfile& edge,
                                const energy::Link& link)
{
    return federated_courses(rounds, edge, link, 1).front().sum;
}

TrainingCourse centralized_course(std::span<const energy::PhaseWork> training, const energy::DeviceProfile& device)
{
    TrainingCourse course;
    for (const auto& each : training) {
        if (each.phase != Phase::train) continue;
        auto& interval = course.intervals.emplace_back();
        interval.virtual_time = interval.busy = energy::compute_time(each.work, device);
        interval.train = device.train_power() * interval.busy;
        course.sum += interval;
        course.sum.virtual_time += interval.virtual_time;
    }
    return course;
}

TrainingEnergy centralized_energy(std::span<const energy::PhaseWork> training, const energy::DeviceProfile& device)
{
    return centralized_course(training, device).sum;
}

Joules coordinator_energy(std::span<const energy::PhaseWork> training, const energy::DeviceProfile& device)
{
    Joules sum;
    for (const auto& each : training)
        if (each.phase == Phase::evaluate || each.phase == Phase::aggregate)
            sum += device.train_power() * energy::compute_time(each.work, device);
    return sum;
}

}  // namespace fedgram::carbon
