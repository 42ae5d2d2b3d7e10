#include "coordinator/selection/alpha_fair.hpp"

#include "coordinator/selection/cohort.hpp"
#include "coordinator/selection/virtual_hours.hpp"

namespace fedgram::coordinator {

Decision AlphaFair::select(const Moment& moment) const
{
    const auto hour = hour_of(moment.now);
    const auto next = plan_.next(hour);
    if (next == hour) {
        std::vector<std::uint32_t> eligible;
        for (const auto node : moment.available)
            if (plan_.has(node, *next) && last_hour_[node] != hour + 1) eligible.push_back(node);
        if (!eligible.empty()) return Cohort{draw_cohort(seed_, moment.round, eligible, moment.cohort_size)};
    }
    if (const auto later = plan_.next(hour + 1)) return Wait{start_of(*later)};
    return Stop{"no later hour is in its carbon plan"};
}

void AlphaFair::learn(const RoundOutcome& outcome)
{
    for (const auto& node : outcome.nodes)
        last_hour_[node.node] = static_cast<std::uint16_t>(hour_of(outcome.began) + 1);
}

void AlphaFair::write(learning::StateWriter& state) const { state.add(std::span<const std::uint16_t>{last_hour_}); }

void AlphaFair::read(learning::StateReader& state) { state.read(std::span{last_hour_}); }

}  // namespace fedgram::coordinator
