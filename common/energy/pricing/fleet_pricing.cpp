#include "common/energy/pricing/fleet_pricing.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace fedgram::energy {

namespace {

PhaseEnergy over(const PhaseEnergy& phase, double factor)
{
    return {phase.seconds * (1 / factor), phase.joules * (1 / factor)};
}

// A node of a group without a spread is its group's, bit for bit.
NodeEnergy of_node(const NodeEnergy& group, const NodeKind& kind)
{
    return {over(group.download, kind.download), over(group.train, kind.speed), over(group.upload, kind.upload), {}};
}

const DeviceProfile& profile_of(std::span<const DeviceProfile> devices, const std::string& id)
{
    return *std::ranges::find(devices, id, &DeviceProfile::id);
}

void pass(Seconds waited, Seconds lasted, TrainingEnergy& sum)
{
    sum.waited += waited;
    sum.virtual_time += waited + lasted;
}

void add(const Work& bytes, const NodeEnergy& energy, Updates updates, TrainingEnergy& sum)
{
    sum.add(bytes, energy, 1);
    sum.downloading += energy.download.seconds;
    sum.uploading += energy.upload.seconds;
    if (updates == Updates::used) return;
    sum.lost += energy.download.joules + energy.train.joules + energy.upload.joules;
    sum.lost_time += energy.busy();
}

}  // namespace

FleetPricing::FleetPricing(const NodeDevices& fleet, std::span<const DeviceProfile> devices)
    : fleet_{fleet}, profiles_{devices.begin(), devices.end()}
{
    for (const auto& group : fleet.groups()) {
        devices_.push_back(&profile_of(profiles_, group.device.id));
        shares_.emplace_back(*devices_.back(), group.link);
    }
}

NodeEnergy FleetPricing::busy(const NodeKind& kind, const Work& train, std::uint64_t bytes_down,
                              std::uint64_t bytes_up) const
{
    return of_node(shares_[kind.group].busy(train, bytes_down, bytes_up), kind);
}

RoundEnergy price(std::span<const NodeRound> nodes, const FleetPricing& fleet, const std::optional<RoundTimes>& times)
{
    RoundEnergy round;
    round.nodes.reserve(nodes.size());
    for (const auto& node : nodes) {
        round.nodes.push_back(fleet.busy(fleet.fleet()[node.node], node.train, node.bytes_down, node.bytes_up));
        round.virtual_time = std::max(round.virtual_time, round.nodes.back().busy());
    }
    if (times) round.virtual_time = times->lasted;
    if (times && !times->nodes_wait) return round;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        round.nodes[i].idle = fleet.idle(fleet.fleet().group_of(nodes[i].node),
                                         std::max(Seconds{}, round.virtual_time - round.nodes[i].busy()));
    return round;
}

void add_by_group(std::span<const NodeRound> nodes, const RoundEnergy& priced, const NodeDevices& fleet,
                  Updates updates, std::span<TrainingEnergy> groups)
{
    for (std::size_t i = 0; i < nodes.size(); ++i)
        add({.bytes_down = nodes[i].bytes_down, .bytes_up = nodes[i].bytes_up}, priced.nodes[i], updates,
            groups[fleet.group_of(nodes[i].node)]);
}

/// Each distinct Work on each group's median node, once it is asked for.
class FleetTraining::PricedWorks {
public:
    PricedWorks(const TrainingWork& training, const FleetPricing& fleet)
        : training_{training}, fleet_{fleet}, busy_(training.works.size() * fleet.fleet().groups().size())
    {
    }

    [[nodiscard]] NodeEnergy of(const Share& share)
    {
        auto& known = busy_[share.work * fleet_.fleet().groups().size() + share.kind.group];
        const auto& work = training_.works[share.work];
        if (!known) known = fleet_.busy({.group = share.kind.group}, work, work.bytes_down, work.bytes_up);
        return of_node(*known, share.kind);
    }

private:
    const TrainingWork& training_;
    const FleetPricing& fleet_;
    std::vector<std::optional<NodeEnergy>> busy_;
};

FleetTraining::FleetTraining(const TrainingWork& training, NodeDevices fleet, std::span<const RoundTimes> times)
    : training_{training}, fleet_{std::move(fleet)}
{
    for (const auto number : training.numbers()) {
        auto& own = rounds_.emplace_back();
        for (const auto updates : {Updates::used, Updates::lost}) {
            const auto& list = updates == Updates::used ? training.rounds : training.lost;
            const auto round = std::ranges::lower_bound(list, number, {}, &TrainingWork::Round::number);
            if (round != list.end() && round->number == number) add_shares(*round, updates, own.shares);
        }
        if (!times.empty()) own.times = times[rounds_.size() - 1];
    }
}

void FleetTraining::add_shares(const TrainingWork::Round& round, Updates updates, std::vector<Share>& shares) const
{
    NodeRanges::Reader ranges{training_.cohorts.at(round.cohort)};
    NodeRange range;
    for (const auto& [work, count] : training_.deals[round.deal])
        for (std::uint32_t i = 0; i < count; ++i, ++range.first, --range.count) {
            if (range.count == 0) range = ranges.next().value();
            shares.push_back({work, fleet_[range.first], updates});
        }
}

template <class Take>
void FleetTraining::for_each_round(std::span<const DeviceProfile> devices, Take take) const
{
    const FleetPricing pricing{fleet_, devices};
    PricedWorks works{training_, pricing};
    std::vector<NodeEnergy> taken;
    for (const auto& round : rounds_) {
        taken.clear();
        Seconds lasted;
        for (const auto& share : round.shares) {
            taken.push_back(works.of(share));
            lasted = std::max(lasted, taken.back().busy());
        }
        if (round.times) lasted = round.times->lasted;
        for (std::size_t i = 0; i < taken.size(); ++i)
            if (const auto& share = round.shares[i];
                share.updates == Updates::used && (!round.times || round.times->nodes_wait))
                taken[i].idle = pricing.idle(share.kind.group, std::max(Seconds{}, lasted - taken[i].busy()));
        take(round, taken, round.times ? round.times->waited : Seconds{}, lasted);
    }
}

FederatedCourse FleetTraining::course(std::span<const DeviceProfile> devices) const
{
    FederatedCourse course{{}, std::vector<TrainingCourse>(fleet_.groups().size())};
    for_each_round(devices, [&](const Round& round, const auto& taken, Seconds waited, Seconds lasted) {
        pass(waited, lasted, course.sum);
        for (auto& group : course.groups) {
            pass(waited, lasted, group.intervals.emplace_back());
            pass(waited, lasted, group.sum);
        }
        for (std::size_t i = 0; i < taken.size(); ++i) {
            const auto& share = round.shares[i];
            auto& group = course.groups[share.kind.group];
            for (auto* const sum : {&group.intervals.back(), &group.sum, &course.sum})
                add(training_.works[share.work], taken[i], share.updates, *sum);
        }
    });
    return course;
}

TrainingEnergy FleetTraining::sum(std::span<const DeviceProfile> devices) const
{
    TrainingEnergy sum;
    for_each_round(devices, [&](const Round& round, const auto& taken, Seconds waited, Seconds lasted) {
        pass(waited, lasted, sum);
        for (std::size_t i = 0; i < taken.size(); ++i)
            add(training_.works[round.shares[i].work], taken[i], round.shares[i].updates, sum);
    });
    return sum;
}

}  // namespace fedgram::energy
