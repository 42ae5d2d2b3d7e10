#include "coordinator/rounds/fleet_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "common/random/stream.hpp"
#include "common/spec/resolve.hpp"
#include "coordinator/rounds/partial_share.hpp"

namespace fedgram::coordinator {

namespace {

// Hours by the day repeat, and nobody waits longer than a year for a coincidence.
constexpr double horizon_s = 366 * 86'400.0;

}  // namespace

FleetSchedule::FleetSchedule(const fleet::Fleet& fleet, const spec::Federated& rule, std::uint64_t seed, Share share,
                             PartialTraining training)
    : fleet_{fleet},
      rule_{rule},
      seed_{seed},
      share_{std::move(share)},
      training_{std::move(training)},
      pricing_{fleet.devices},
      hours_{fleet, seed, fleet::time_of_day_s(rule)},
      needed_{spec::virtual_quorum(rule)}
{
}

void FleetSchedule::choose_by(const Selector& selector, std::function<energy::Work(std::uint64_t)> forward,
                              AskLosses ask_losses)
{
    selector_ = &selector;
    forward_ = std::move(forward);
    ask_losses_ = std::move(ask_losses);
}

std::variant<ScheduledRound, NoRound> FleetSchedule::next(std::uint32_t round, Seconds now) const
{
    auto found = asked(round, now);
    if (auto* const none = std::get_if<NoRound>(&found)) return std::move(*none);
    const auto& cohort = std::get<Asked>(found);
    auto scheduled = outcome_of(cohort);
    scheduled.times.waited = Seconds{cohort.begin} - now;
    return scheduled;
}

ScheduledRound FleetSchedule::outcome_of(const Asked& asked) const
{
    ScheduledRound scheduled;
    VirtualRule rule{{}, rule_.goal};
    if (rule_.virtual_deadline_s)
        rule.deadline = std::max(Seconds{}, Seconds{*rule_.virtual_deadline_s} - asked.probing);
    const auto begin = asked.begin + asked.probing.count();
    std::vector<energy::NodeRound> shares;  // without what candidates did
    std::vector<VirtualNode> cohort;
    for (const auto node : asked.nodes) {
        auto share = share_(node);
        if (std::ranges::binary_search(asked.probed, node, {}, &energy::NodeRound::node)) share.bytes_down = 0;
        shares.push_back(partial_work_ && rule.deadline ? fitted(share, begin, *rule.deadline) : share);
        cohort.push_back(timed(shares.back(), begin));
    }
    auto outcome = virtual_round(cohort, rule);
    scheduled.began = Seconds{asked.begin};
    scheduled.cohort = asked.nodes;
    scheduled.times.lasted = asked.probing + outcome.lasted;
    if (outcome.delivered.size() < needed_of(asked))
        for (const auto node : std::exchange(outcome.delivered, {}))
            outcome.lost.push_back({node, Loss::late, outcome.lasted});
    for (const auto node : outcome.delivered) {
        const auto at = static_cast<std::size_t>(std::ranges::lower_bound(asked.nodes, node) - asked.nodes.begin());
        scheduled.delivered.push_back(with_probe(shares[at], asked));
        const auto& share = scheduled.delivered.back();
        scheduled.busy.push_back(timed(share, asked.begin).busy());
        if (partial_work_ && shares[at].train.steps < share_(node).train.steps)
            scheduled.most_steps[node] = shares[at].train.steps;
    }
    for (const auto& lost : outcome.lost) {
        const auto at = static_cast<std::size_t>(std::ranges::lower_bound(cohort, lost.node, {}, &VirtualNode::node) -
                                                 cohort.begin());
        scheduled.lost.push_back(partial_share(shares[at], cohort[at], lost.busy, training_));
    }
    scheduled.lost_updates = static_cast<std::uint32_t>(outcome.lost.size());
    // Of those that delivered it is in their share.
    for (const auto& probed : asked.probed)
        if (!std::ranges::binary_search(outcome.delivered, probed.node)) scheduled.lost.push_back(probed);
    scheduled.lost = summed_by_node(std::move(scheduled.lost));  // a candidate may have been in the cohort, too
    return scheduled;
}

std::uint32_t FleetSchedule::needed_of(const Asked& asked) const
{
    if (selector_ == nullptr) return needed_;
    const auto wanted = std::min<std::size_t>(rule_.goal.value_or(spec::cohort_size(rule_)), asked.nodes.size());
    return std::max<std::uint32_t>(1,
                                   static_cast<std::uint32_t>(std::ceil(rule_.quorum * static_cast<double>(wanted))));
}

energy::NodeRound FleetSchedule::with_probe(energy::NodeRound share, const Asked& asked) const
{
    const auto probed = std::ranges::lower_bound(asked.probed, share.node, {}, &energy::NodeRound::node);
    if (probed == asked.probed.end() || probed->node != share.node) return share;
    share.train += probed->train;
    share.bytes_down += probed->bytes_down;
    return share;
}

energy::NodeRound FleetSchedule::fitted(energy::NodeRound share, double begin, Seconds deadline) const
{
    const auto times = timed(share, begin);
    if (times.busy() <= deadline) return share;
    const auto left = deadline - times.download - times.upload;
    if (left <= Seconds{}) return share;
    auto steps =
        static_cast<std::uint64_t>(static_cast<double>(share.train.steps) * (left.count() / times.train.count()));
    // Steps aren't all alike, and a last batch may be smaller.
    for (; steps > 0; --steps) {
        auto fewer = share;
        fewer.train = partial_work_(share.node, steps);
        if (timed(fewer, begin).busy() <= deadline) return fewer;
    }
    return share;
}

std::variant<FleetSchedule::Asked, NoRound> FleetSchedule::asked(std::uint32_t round, Seconds ready) const
{
    if (selector_ != nullptr) return selected(round, ready);
    const auto begin = time_with(needed_, ready.count());
    if (!begin)
        return NoRound{"fewer than the " + std::to_string(needed_) + " nodes that a round needs will ever be there"};
    return Asked{.begin = *begin, .nodes = drawn(round, *begin), .probed = {}};
}

std::variant<FleetSchedule::Asked, NoRound> FleetSchedule::selected(std::uint32_t round, Seconds ready) const
{
    auto time = ready.count();
    for (const auto end = time + horizon_s; time < end;) {
        const auto nodes = there_at(time);
        const Moment moment{round, ready, Seconds{time}, nodes, spec::cohort_size(rule_)};
        auto decision = selector_->select(moment);
        Asked asked{.begin = time, .nodes = {}, .probed = {}};
        if (const auto* const probes = std::get_if<Probes>(&decision)) {
            probe(*probes, asked);
            decision = selector_->choose(moment, ask_losses_(round, probes->nodes));
        }
        if (auto* const cohort = std::get_if<Cohort>(&decision)) {
            asked.nodes = std::move(cohort->nodes);
            return asked;
        }
        if (auto* const stop = std::get_if<Stop>(&decision)) return NoRound{std::move(stop->reason)};
        const auto& until = std::get<Wait>(decision).until;
        const auto next = until ? std::optional{until->count()} : next_arrival(time);
        if (!next) break;
        time = *next;
    }
    return NoRound{"nobody will be there whom its selection chooses"};
}

void FleetSchedule::probe(const Probes& probes, Asked& asked) const
{
    for (const auto& each : probes.nodes) {
        const auto download = share_(each.node).bytes_down;
        asked.probed.push_back({each.node, forward_(each.samples), download, 0});
        asked.probing = std::max(asked.probing, timed(asked.probed.back(), asked.begin).busy());
    }
}

std::vector<std::uint32_t> FleetSchedule::there_at(double time) const
{
    std::vector<std::uint32_t> nodes;
    for (std::uint32_t node = 0; node < rule_.nodes; ++node)
        if (hours_.at(node, time).there) nodes.push_back(node);
    return nodes;
}

std::optional<double> FleetSchedule::next_arrival(double now) const
{
    auto next = std::numeric_limits<double>::infinity();
    for (std::uint32_t node = 0; node < rule_.nodes; ++node)
        if (const auto stay = hours_.at(node, now); !stay.there) next = std::min(next, stay.until_s);
    return std::isfinite(next) ? std::optional{next} : std::nullopt;
}

std::optional<double> FleetSchedule::time_with(std::uint32_t needed, double now) const
{
    for (const auto end = now + horizon_s; now < end;) {
        // When each that is away comes.
        std::vector<double> comes;
        std::uint32_t there = 0;
        for (std::uint32_t node = 0; node < rule_.nodes && there < needed; ++node) {
            const auto stay = hours_.at(node, now);
            if (stay.there)
                ++there;
            else if (std::isfinite(stay.until_s))
                comes.push_back(stay.until_s);
        }
        if (there >= needed) return now;
        if (comes.empty()) return std::nullopt;
        // Not before so many have come, and by then others may have gone.
        const auto last =
            comes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(needed - there, comes.size())) - 1;
        std::ranges::nth_element(comes, last);
        now = *last;
    }
    return std::nullopt;
}

std::vector<std::uint32_t> FleetSchedule::drawn(std::uint32_t round, double now) const
{
    const auto size = spec::cohort_size(rule_);
    std::vector<std::uint32_t> nodes(rule_.nodes);
    std::iota(nodes.begin(), nodes.end(), 0u);
    // The order of draw_cohort, from which those that are away are left out.
    if (size < rule_.nodes) Stream{seed_, Purpose::cohort, round}.shuffle(std::span{nodes});
    std::vector<std::uint32_t> there;
    for (const auto node : nodes) {
        if (there.size() == size) break;
        if (hours_.at(node, now).there) there.push_back(node);
    }
    std::ranges::sort(there);
    return there;
}

VirtualNode FleetSchedule::timed(const energy::NodeRound& share, double begin) const
{
    const auto taken = pricing_.busy(fleet_.devices[share.node], share.train, share.bytes_down, share.bytes_up);
    const auto stay = hours_.at(share.node, begin);
    return {share.node, taken.download.seconds, taken.train.seconds, taken.upload.seconds,
            stay.there ? Seconds{stay.until_s - begin} : Seconds{}};
}

}  // namespace fedgram::coordinator
