#include "experiments/analysis/quick_search.hpp"

#include <algorithm>

#include "common/error/error.hpp"

namespace fedgram::experiments::analysis {

QuickSearch::QuickSearch(const Space& space, const Goal& goal) : space_{space}, goal_{goal}
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

std::optional<Probe> QuickSearch::wanted()
{
    const auto by_default = under_load(space_.default_configuration());
    if (!book().find(by_default)) return by_default;
    for (; current_ < climbs_.size(); ++current_) {
        auto& [lowest, climb] = climbs_[current_];
        while (const auto place = climb.next()) {
            auto configuration = lowest;
            configuration.max_batch = space_.max_batches[static_cast<std::size_t>((*place)[0])];
            configuration.instances = space_.instances[static_cast<std::size_t>((*place)[1])];
            const auto probe = under_load(configuration);
            const auto* known = book().find(probe);
            if (!known) return probe;
            climb.measured(*place, *known);
        }
    }
    if (!last_) last_.emplace(book(), space_, goal_, LoadSearch::Begin::with_walk);
    return last_->next(book());
}

Probe QuickSearch::under_load(const Configuration& configuration) const
{
    auto load = space_.loads.front();
    if (load.kind == Load::Kind::concurrency) {
        const auto clients = 2.0 * configuration.max_batch * configuration.instances;
        load.amount = std::clamp(clients, load.amount, space_.loads.back().amount);
    }
    return {configuration, load};
}

}  // namespace fedgram::experiments::analysis
