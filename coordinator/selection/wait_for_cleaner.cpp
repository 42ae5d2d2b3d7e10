#include "coordinator/selection/wait_for_cleaner.hpp"

#include "coordinator/selection/cohort.hpp"
#include "coordinator/selection/virtual_hours.hpp"

namespace fedgram::coordinator {

WaitForCleaner::WaitForCleaner(Seconds slack, std::uint64_t seed, const NodeFacts& nodes)
    : slack_{slack}, seed_{seed}, nodes_{nodes}, joules_(nodes.nodes())
{
    for (std::uint32_t node = 0; node < nodes.nodes(); ++node)
        joules_[node] = static_cast<float>(nodes.joules(node).count());
}

Decision WaitForCleaner::select(const Moment& moment) const
{
    const auto drawn = joules(moment.available);
    auto cleanest = moment.now;
    if (auto least = grams(drawn, moment.now))
        for (auto hour = hour_of(moment.now) + 1; start_of(hour) <= moment.ready + slack_; ++hour)
            if (const auto then = grams(drawn, start_of(hour)); then && *then < *least) {
                least = then;
                cleanest = start_of(hour);
            }
    if (cleanest > moment.now) return Wait{cleanest};
    return Cohort{draw_cohort(seed_, moment.round, moment.available, moment.cohort_size)};
}

std::vector<Joules> WaitForCleaner::joules(std::span<const std::uint32_t> available) const
{
    std::vector<Joules> sums(nodes_.places());
    for (const auto node : available) sums[nodes_.place(node)] += Joules{joules_[node]};
    return sums;
}

std::optional<GramsCO2e> WaitForCleaner::grams(std::span<const Joules> joules, Seconds at) const
{
    GramsCO2e sum{};
    for (std::uint32_t place = 0; place < joules.size(); ++place) {
        if (joules[place].count() == 0) continue;
        const auto intensity = nodes_.intensity(place, at);
        if (!intensity) return std::nullopt;
        sum += joules[place] * *intensity;
    }
    return sum;
}

}  // namespace fedgram::coordinator
