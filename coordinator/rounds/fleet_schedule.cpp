#include "coordinator/rounds/fleet_schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "common/random/stream.hpp"
#include "common/spec/resolve.hpp"

namespace fedgram::coordinator {

namespace {

// Hours by the day repeat, and nobody waits longer than a year for a coincidence.
constexpr double horizon_s = 366 * 86'400.0;

std::uint64_t share_of(std::uint64_t whole, Seconds done, Seconds all)
{
    return static_cast<std::uint64_t>(static_cast<double>(whole) * std::min(1.0, done.count() / all.count()));
}

// A node did one thing in one attempt and another in the next.
void put_together(std::vector<energy::NodeRound>& lost)
{
    std::ranges::stable_sort(lost, {}, &energy::NodeRound::node);
    std::vector<energy::NodeRound> once;
    for (const auto& share : lost) {
        if (once.empty() || once.back().node != share.node) {
            once.push_back(share);
            continue;
        }
        once.back().train += share.train;
        once.back().bytes_down += share.bytes_down;
        once.back().bytes_up += share.bytes_up;
    }
    lost = std::move(once);
}

}  // namespace

FleetSchedule::FleetSchedule(const fleet::Fleet& fleet, const spec::Federated& rule, std::uint64_t seed, Share share,
                             Training training)
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

std::optional<ScheduledRound> FleetSchedule::next(std::uint32_t round, Seconds now) const
{
    const VirtualRule rule{rule_.virtual_deadline_s ? std::optional{Seconds{*rule_.virtual_deadline_s}} : std::nullopt,
                           rule_.goal};
    ScheduledRound scheduled;
    auto time = now.count();
    for (; scheduled.failed_attempts < most_attempts; ++scheduled.failed_attempts) {
        const auto begin = time_with(needed_, time);
        if (!begin) return std::nullopt;
        std::vector<energy::NodeRound> shares;
        std::vector<VirtualNode> cohort;
        for (const auto node : drawn(round, scheduled.failed_attempts, *begin)) {
            shares.push_back(share_(node));
            cohort.push_back(timed(shares.back(), *begin));
        }
        auto outcome = virtual_round(cohort, rule);
        const bool holds = outcome.delivered.size() >= needed_;
        if (!holds)
            for (const auto node : std::exchange(outcome.delivered, {}))
                outcome.lost.push_back({node, Loss::late, outcome.lasted});
        for (const auto& lost : outcome.lost) {
            const auto at = static_cast<std::size_t>(
                std::ranges::lower_bound(cohort, lost.node, {}, &VirtualNode::node) - cohort.begin());
            scheduled.lost.push_back(part(shares[at], cohort[at], lost.busy));
            scheduled.left += lost.loss == Loss::left ? 1 : 0;
        }
        if (holds) {
            scheduled.times = {Seconds{*begin} - now, outcome.lasted};
            scheduled.delivered = std::move(outcome.delivered);
            put_together(scheduled.lost);
            return scheduled;
        }
        time = *begin + outcome.lasted.count();
    }
    return std::nullopt;
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

std::vector<std::uint32_t> FleetSchedule::drawn(std::uint32_t round, std::uint32_t attempt, double now) const
{
    const auto size = spec::cohort_size(rule_);
    std::vector<std::uint32_t> nodes(rule_.nodes);
    std::iota(nodes.begin(), nodes.end(), 0u);
    // The order of draw_cohort, from which those that are away are left out.
    if (size < rule_.nodes) Stream{seed_, Purpose::cohort, round, attempt}.shuffle(std::span{nodes});
    std::vector<std::uint32_t> there;
    for (const auto node : nodes) {
        if (there.size() == size) break;
        if (hours_.at(node, now).there) there.push_back(node);
    }
    std::ranges::sort(there);
    return there;
}

VirtualNode FleetSchedule::timed(const energy::NodeRound& share, double now) const
{
    const auto taken = pricing_.busy(fleet_.devices[share.node], share.train, share.bytes_down, share.bytes_up);
    return {share.node, taken.download.seconds, taken.train.seconds, taken.upload.seconds,
            Seconds{hours_.at(share.node, now).until_s - now}};
}

energy::NodeRound FleetSchedule::part(const energy::NodeRound& share, const VirtualNode& times, Seconds busy) const
{
    energy::NodeRound done{share.node, {}, share_of(share.bytes_down, busy, times.download), 0};
    if (busy <= times.download) return done;
    const auto trained = busy - times.download;
    const auto steps = share_of(share.train.steps, trained, times.train);
    const auto samples =
        steps == share.train.steps ? share.train.samples : share.train.samples / share.train.steps * steps;
    done.train = training_(samples, steps);
    if (trained > times.train) done.bytes_up = share_of(share.bytes_up, trained - times.train, times.upload);
    return done;
}

}  // namespace fedgram::coordinator
