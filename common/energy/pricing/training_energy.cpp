#include "common/energy/pricing/training_energy.hpp"

#include <algorithm>
#include <optional>

#include "common/energy/pricing/repeated_sum.hpp"

namespace fedgram::energy {

namespace {

/// What the nodes of one round did, priced.
struct PricedDeal {
    struct Run {
        const Work* work;
        NodeEnergy energy;  ///< of each of its nodes
        std::uint32_t count;
    };

    std::vector<Run> runs;
    Seconds virtual_time;

    void add_to(TrainingEnergy& sum) const
    {
        for (const auto& run : runs) sum.add(*run.work, run.energy, run.count);
    }
};

/// Prices a training's deals, of which the latest is at hand: most rounds are as the one before.
class DealPricing {
public:
    DealPricing(const TrainingWork& training, const DeviceProfile& edge, const Link& link)
        : training_{training}, pricing_{edge, link}
    {
        busy_.reserve(training.works.size());
        for (const auto& work : training.works) busy_.push_back(pricing_.busy(work, work.bytes_down, work.bytes_up));
    }

    [[nodiscard]] const PricedDeal& of(const TrainingWork::Round& round)
    {
        if (latest_ == round.deal) return priced_;
        latest_ = round.deal;
        priced_.runs.clear();
        priced_.virtual_time = {};
        for (const auto& [work, count] : training_.deals[round.deal]) {
            priced_.runs.push_back({&training_.works[work], busy_[work], count});
            priced_.virtual_time = std::max(priced_.virtual_time, busy_[work].busy());
        }
        for (auto& run : priced_.runs) run.energy.idle = pricing_.idle(priced_.virtual_time - run.energy.busy());
        return priced_;
    }

private:
    const TrainingWork& training_;
    SharePricing pricing_;
    std::vector<NodeEnergy> busy_;  // of each distinct Work
    std::optional<std::uint32_t> latest_;
    PricedDeal priced_;
};

/// How many nodes of a round are in each group, run after run.
class GroupCounts {
public:
    GroupCounts(const NodeRanges& cohort, std::size_t groups) : ranges_{cohort}, counts_(groups) {}

    /// Of the next `count` nodes.
    [[nodiscard]] const std::vector<std::uint64_t>& of_next(std::uint32_t count)
    {
        std::ranges::fill(counts_, 0);
        while (count > 0) {
            if (left_.count == 0) left_ = ranges_.next().value_or(NodeRange{0, count});
            const auto taken = std::min(count, left_.count);
            deal_out({left_.first, taken});
            left_ = {left_.first + taken, left_.count - taken};
            count -= taken;
        }
        return counts_;
    }

private:
    void deal_out(NodeRange nodes)
    {
        const auto groups = counts_.size();
        if (const auto each = nodes.count / groups; each > 0)
            for (auto& count : counts_) count += each;
        for (std::size_t i = 0; i < nodes.count % groups; ++i) ++counts_[(nodes.first + i) % groups];
    }

    NodeRanges::Reader ranges_;
    NodeRange left_;
    std::vector<std::uint64_t> counts_;
};

void add_by_group(const PricedDeal& deal, const NodeRanges& cohort, std::vector<TrainingCourse>& groups)
{
    GroupCounts counts{cohort, groups.size()};
    for (const auto& run : deal.runs) {
        const auto& in_group = counts.of_next(run.count);
        for (std::size_t i = 0; i < groups.size(); ++i) {
            groups[i].intervals.back().add(*run.work, run.energy, in_group[i]);
            groups[i].sum.add(*run.work, run.energy, in_group[i]);
        }
    }
}

/// Of a training whose nodes are all in one group.
TrainingCourse undivided_course(const TrainingWork& training, DealPricing& pricing, const TrainingEnergy& sum)
{
    TrainingCourse course{sum, {}};
    course.intervals.reserve(training.rounds.size());
    for (std::size_t i = 0; i < training.rounds.size(); ++i) {
        if (i > 0 && training.rounds[i].deal == training.rounds[i - 1].deal) {
            course.intervals.push_back(TrainingEnergy{course.intervals.back()});
            continue;
        }
        const auto& deal = pricing.of(training.rounds[i]);
        auto& interval = course.intervals.emplace_back();
        interval.virtual_time = deal.virtual_time;
        deal.add_to(interval);
    }
    return course;
}

TrainingEnergy sum_of(const TrainingWork& training, DealPricing& pricing)
{
    TrainingEnergy sum;
    const auto& rounds = training.rounds;
    for (auto round = rounds.begin(); round != rounds.end();) {
        const auto next = std::find_if(round, rounds.end(), [&](const auto& each) { return each.deal != round->deal; });
        const auto alike = static_cast<std::uint64_t>(next - round);
        const auto& deal = pricing.of(*round);
        add_repeatedly(sum.virtual_time, deal.virtual_time, alike);
        if (deal.runs.size() == 1) {
            const auto& run = deal.runs.front();
            sum.add(*run.work, run.energy, run.count * alike);
        } else {
            for (std::uint64_t i = 0; i < alike; ++i) deal.add_to(sum);
        }
        round = next;
    }
    return sum;
}

}  // namespace

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

void TrainingEnergy::add(const Work& work, const NodeEnergy& energy, std::uint64_t count)
{
    add_repeatedly(train, energy.train.joules, count);
    add_repeatedly(download, energy.download.joules, count);
    add_repeatedly(upload, energy.upload.joules, count);
    add_repeatedly(idle, energy.idle.joules, count);
    add_repeatedly(busy, energy.busy(), count);
    add_repeatedly(waiting, energy.idle.seconds, count);
    bytes_down += work.bytes_down * count;
    bytes_up += work.bytes_up * count;
}

std::vector<TrainingEnergy> round_energy(std::span<const NodeRound> nodes, const RoundEnergy& priced,
                                         std::size_t groups)
{
    std::vector<TrainingEnergy> parts(groups);
    for (auto& part : parts) part.virtual_time = priced.virtual_time;
    for (std::size_t i = 0; i < nodes.size(); ++i) parts[nodes[i].node % groups].add(nodes[i], priced.nodes[i]);
    return parts;
}

FederatedCourse federated_course(const TrainingWork& training, const DeviceProfile& edge, const Link& link,
                                 std::size_t groups)
{
    DealPricing pricing{training, edge, link};
    FederatedCourse course{sum_of(training, pricing), {}};
    if (groups == 1) {
        course.groups.push_back(undivided_course(training, pricing, course.sum));
        return course;
    }
    course.groups.resize(groups);
    for (const auto& round : training.rounds) {
        const auto& deal = pricing.of(round);
        for (auto& group : course.groups) {
            group.intervals.emplace_back().virtual_time = deal.virtual_time;
            group.sum.virtual_time += deal.virtual_time;
        }
        add_by_group(deal, training.cohorts.at(round.cohort), course.groups);
    }
    return course;
}

TrainingEnergy federated_energy(const TrainingWork& training, const DeviceProfile& edge, const Link& link)
{
    DealPricing pricing{training, edge, link};
    return sum_of(training, pricing);
}

TrainingEnergy interval_energy(const Work& trained, const DeviceProfile& device)
{
    const auto priced = price(trained, device);
    TrainingEnergy interval;
    interval.virtual_time = interval.busy = priced.seconds;
    interval.train = priced.joules;
    return interval;
}

TrainingCourse centralized_course(const TrainingWork& training, const DeviceProfile& device)
{
    TrainingCourse course;
    for (const auto& round : training.rounds)
        for (const auto& [work, count] : training.deals[round.deal])
            for (std::uint32_t i = 0; i < count; ++i) {
                const auto& interval = course.intervals.emplace_back(interval_energy(training.works[work], device));
                course.sum.virtual_time += interval.virtual_time;
                course.sum.busy += interval.busy;
                course.sum.train += interval.train;
            }
    return course;
}

Joules coordinator_energy(const TrainingWork& training, const DeviceProfile& device)
{
    Joules sum;
    for (const auto& each : training.own)
        if (each.phase == Phase::evaluate || each.phase == Phase::aggregate)
            sum += price(training.works[each.work], device).joules;
    return sum;
}

}  // namespace fedgram::energy
