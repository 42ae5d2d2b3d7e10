#include "experiments/lookup/hours_needed.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "common/error/error.hpp"
#include "common/fleet/fleet.hpp"
#include "common/spec/resolve.hpp"
#include "common/text/number_text.hpp"
#include "common/text/utc_time.hpp"
#include "datasets/partition/federation.hpp"
#include "experiments/lookup/node_rounds.hpp"

namespace fedgram::experiments {

namespace {

constexpr double hour_s = 3600;

/// By the hour, of those that its nodes draw from.
std::vector<const carbon::GridIntensity*> hourly_grids(const spec::Federated& rule, const fleet::Fleet& fleet,
                                                       const carbon::Accounting& accounting)
{
    std::vector<const carbon::GridIntensity*> grids;
    const auto& places = rule.fleet || accounting.node_places.empty() ? fleet.places : accounting.node_places;
    for (const auto& place : places)
        if (place) grids.push_back(&*place);
    if (grids.size() < places.size())
        for (const auto& row : accounting.countries) grids.push_back(&row);
    std::erase_if(grids, [](const auto* grid) { return !grid->hourly; });
    return grids;
}

bool is_known(const spec::Federated& rule, const fleet::Fleet& fleet)
{
    return !rule.buffered && !rule.virtual_deadline_s && rule.selection.is_default() && !fleet.has_hours();
}

}  // namespace

void check_hours_needed(const spec::Experiment& experiment, const carbon::Accounting& accounting,
                        const learning::Model& model, const datasets::Dataset& data)
{
    for (const auto& training : experiment.trainings) {
        const auto* const rule = std::get_if<spec::Federated>(&training.kind);
        if (rule == nullptr) continue;
        const auto fleet = fleet::fleet_of(experiment, training, accounting).value_or(fleet::one_kind(accounting));
        const auto grids = hourly_grids(*rule, fleet, accounting);
        if (grids.empty() || !is_known(*rule, fleet)) continue;
        auto rounds_of = node_rounds(fleet, *rule, model, datasets::node_shares(data, experiment, *rule));
        const auto last = rounds_of.begin() + (rule->goal.value_or(spec::cohort_size(*rule)) - 1);
        std::ranges::nth_element(rounds_of, last, {}, &NodeRound::busy);
        const auto rounds = experiment.target_accuracy ? 1 : rule->max_rounds;
        const auto needed = std::ceil(rounds * last->busy.count() / hour_s);
        for (const auto* const grid : grids) {
            const auto there = grid->hourly->hours.values().size();
            if (needed <= static_cast<double>(there)) continue;
            throw SpecError{"trainings." + training.label + ": " + grid->hourly->name + " has " +
                            std::to_string(there) + " h from " + text::utc_text(grid->hourly->hours.begin()) +
                            " on and " + (rounds == 1 ? "a round takes" : std::to_string(rounds) + " rounds take") +
                            " " + text::shortest(needed) + " h at least; start earlier, or give a longer series"};
        }
    }
}

}  // namespace fedgram::experiments
