#include "experiments/analysis/climb_search.hpp"

#include <algorithm>
#include <cmath>

#include "common/error/error.hpp"
#include "experiments/analysis/ranking.hpp"

namespace fedgram::experiments::analysis {

ClimbSearch::ClimbSearch(const Space& space, const Goal& goal) : space_{space}, goal_{goal}
{
    if (space.loads.front().kind == Load::Kind::rate && space.loads.size() > 1)
        throw SpecError{"load: a quick search takes one rate, not " + std::to_string(space.loads.size()) +
                        "; give one, or search by brute force"};
    const HillClimb::Place sizes{static_cast<int>(space.max_batches.size()), static_cast<int>(space.instances.size())};
    for (const auto& device : space.devices)
        for (const auto variant : space.variants)
            for (const auto delay : space.queue_delays_us)
                climbs_.push_back({{device, variant, 1, 1, delay}, HillClimb{sizes, goal}});
}

std::optional<Probe> ClimbSearch::wanted()
{
    const auto by_default = under_load(space_.default_configuration());
    if (!book().find(by_default)) return by_default;
    if (auto probe = in_climbs()) return probe;
    if (auto probe = in_larger_batches()) return probe;
    if (!last_) last_.emplace(book(), space_, goal_, LoadSearch::Begin::with_walk);
    return last_->next(book());
}

std::optional<Probe> ClimbSearch::in_climbs()
{
    for (; current_ < climbs_.size(); ++current_) {
        auto& [lowest, climb] = climbs_[current_];
        while (const auto place = climb.next()) {
            auto configuration = lowest;
            configuration.max_batch = space_.max_batches[static_cast<std::size_t>((*place)[0])];
            configuration.instances = space_.instances[static_cast<std::size_t>((*place)[1])];
            if (auto probe = with_fewer_clients(configuration)) return probe;
            const auto entries = book().of(configuration);
            climb.measured(*place,
                           std::ranges::max_element(entries,
                                                    [&](const auto& a, const auto& b) {
                                                        return gain(goal_, b.measurement, a.measurement) > 0;
                                                    })
                               ->measurement,
                           keeps(goal_, *book().find(under_load(configuration))));
        }
    }
    return std::nullopt;
}

std::optional<Probe> ClimbSearch::with_fewer_clients(const Configuration& configuration) const
{
    for (auto probe = under_load(configuration);;) {
        const auto* known = book().find(probe);
        if (!known) return probe;
        const auto excess = p99_excess(*known);
        if (probe.load.kind == Load::Kind::rate || !known->counts() || excess <= 0 ||
            !fewer_may_gain(configuration, *known))
            return std::nullopt;
        // Half the clients have at least half the p99, so that it isn't kept before.
        auto amount = probe.load.amount;
        for (auto times = 1 + excess; times > 1 && amount > 1; times /= 2) amount = std::floor(amount / 2);
        const auto fewer = std::max(amount, space_.loads.front().amount);
        if (fewer == probe.load.amount) return std::nullopt;
        probe.load.amount = fewer;
    }
}

double ClimbSearch::p99_excess(const Measurement& measurement) const
{
    const auto found = std::ranges::find(goal_.constraints, Metric::p99, &Constraint::metric);
    return found == goal_.constraints.end() ? 0 : violation(*found, measurement);
}

bool ClimbSearch::fewer_may_gain(const Configuration& configuration, const Measurement& with_more) const
{
    return std::ranges::none_of(book().entries(), [&](const JournalEntry& entry) {
        const auto& [other, load] = entry.probe;
        if (other.device != configuration.device || other.variant != configuration.variant ||
            other.queue_delay_us != configuration.queue_delay_us)
            return false;
        const bool one_is_too_many = load.amount == 1 && p99_excess(entry.measurement) > 0;
        return one_is_too_many ||
               (keeps(goal_, entry.measurement) && score(goal_, with_more, entry.measurement) < least_gain);
    });
}

std::optional<Probe> ClimbSearch::in_larger_batches()
{
    while (!goal_.constraints.empty() && !last_) {
        if (search_of_larger_)
            if (auto probe = search_of_larger_->next(book())) return probe;
        const auto best = best_of_configurations(goal_, book().entries()).front();
        auto configuration = best.probe.configuration;
        const auto batch = std::ranges::upper_bound(space_.max_batches, configuration.max_batch);
        if (batch == space_.max_batches.end()) break;
        configuration.max_batch = *batch;
        if (larger_ == configuration) break;  // it was searched, and isn't the best
        const auto probe = under_load(configuration);
        const auto* known = book().find(probe);
        if (!known) return probe;
        if (keeps(goal_, *known) || score(goal_, *known, best.measurement) < least_gain) break;
        larger_ = configuration;
        search_of_larger_.emplace(configuration, goal_, space_.loads.front(), space_.loads.back(),
                                  LoadSearch::Begin::with_walk);
    }
    return std::nullopt;
}

Probe ClimbSearch::under_load(const Configuration& configuration) const
{
    auto load = space_.loads.front();
    if (load.kind == Load::Kind::concurrency) {
        const auto clients = 2.0 * configuration.max_batch * configuration.instances;
        load.amount = std::clamp(clients, load.amount, space_.loads.back().amount);
    }
    return {configuration, load};
}

}  // namespace fedgram::experiments::analysis
