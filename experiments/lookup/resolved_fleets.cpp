#include "experiments/lookup/resolved_fleets.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/fleet/fleet.hpp"
#include "common/fleet/node_hours.hpp"
#include "common/spec/mistakes.hpp"
#include "common/spec/resolve.hpp"
#include "common/spec/selection.hpp"
#include "common/text/utc_time.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

void check_places(const fleet::Fleet& fleet, const carbon::Accounting& accounting, const std::string& path)
{
    const auto& basis = accounting.countries.front().basis;
    for (const auto& place : fleet.places)
        if (place && place->basis != basis)
            throw SpecError{path + ": " + place->name + " is of basis \"" + place->basis +
                            "\" and the table's first row \"" + basis +
                            "\": lifecycle and direct intensities can't stand in one table"};
}

/// Virtual time begins when the grids by the hour do that its nodes meet: of their places, or of the table's rows.
void settle_start(const fleet::Fleet& fleet, const carbon::Accounting& accounting, spec::Federated& rule,
                  const std::string& path)
{
    std::vector<const carbon::GridIntensity*> grids;
    for (const auto& place : fleet.places)
        if (place) grids.push_back(&*place);
    if (grids.size() < fleet.places.size())
        for (const auto& row : accounting.countries) grids.push_back(&row);
    for (const auto* const place : grids) {
        if (!place->hourly) continue;
        const auto begin = text::utc_text(place->hourly->hours.begin());
        if (rule.start && *rule.start != begin)
            throw SpecError{path + ": the training begins at " + *rule.start + " and the hours of " +
                            place->hourly->name + " at " + begin + "; give all of them the same start"};
        rule.start = begin;
    }
}

/// A grid that is the same at all hours is known for each of them.
spec::GridNeed grid_known(const fleet::Fleet& fleet)
{
    const auto is_unknown = [](const auto& place) { return !place.has_value(); };
    if (std::ranges::any_of(fleet.places, is_unknown)) return spec::GridNeed::none;
    const auto is_hourly = [](const auto& place) { return place->hourly.has_value(); };
    return std::ranges::any_of(fleet.places, is_hourly) ? spec::GridNeed::hours : spec::GridNeed::intensity;
}

void check_window(const fleet::Fleet& fleet, const spec::Selection& selection, const std::string& path)
{
    for (const auto& place : fleet.places)
        if (place && place->hourly && selection.window_hours > place->hourly->hours.values().size())
            throw SpecError{path + ": " + std::to_string(selection.window_hours) + " hours are more than the " +
                            std::to_string(place->hourly->hours.values().size()) + " that " + place->hourly->name +
                            " has from its start on; use fewer, or a longer series"};
}

void check_hours(const fleet::Fleet& fleet, const spec::Federated& rule, std::uint64_t seed, const std::string& path)
{
    if (!fleet.has_hours()) return;
    const auto most = most_there(fleet, fleet::NodeHours{fleet, seed, fleet::time_of_day_s(rule)}, rule.nodes);
    if (const auto cohort = spec::cohort_size(rule); most < cohort)
        throw SpecError{path + ": at most " + std::to_string(most) +
                        " of its nodes are ever there at once, and a round asks " + std::to_string(cohort) +
                        "; use a smaller client_fraction, or longer hours"};
}

/// Fleets of one kind, the same in all federated trainings, are what the section `accounting` says in its short form:
/// runs that mean the same have the same specification.
void shorten_fleets(spec::Experiment& experiment, const std::vector<fleet::Fleet>& fleets,
                    carbon::Accounting& accounting)
{
    const auto federated = std::ranges::count_if(experiment.trainings, [](const auto& training) {
        return std::holds_alternative<spec::Federated>(training.kind);
    });
    if (fleets.empty() || std::ssize(fleets) != federated) return;
    const auto form = [](const fleet::Fleet& fleet) {
        auto json = to_json(fleet);
        json[0].erase("name");
        json[0].erase(json[0].contains("share") ? "share" : "nodes");
        return json;
    };
    const auto& first = fleets.front();
    for (const auto& fleet : fleets)
        if (!fleet.is_of_one_kind() || fleet.has_hours() || form(fleet) != form(first)) return;
    const auto& group = first.devices.groups().front();
    accounting.edge_device = group.device;
    accounting.edge_device.execution = accounting.execution;
    accounting.link = group.link;
    if (first.places.front()) accounting.node_places = {first.places.front()};
    for (auto& training : experiment.trainings)
        if (auto* const rule = std::get_if<spec::Federated>(&training.kind)) rule->fleet = nullptr;
}

}  // namespace

void resolve_fleets(spec::Experiment& experiment, carbon::Accounting& accounting)
{
    const auto lookup = accounting_lookup();
    const auto file = experiment.accounting->find("grid_file");
    const carbon::Places places{file == experiment.accounting->end() ? nullptr : &*file, lookup};
    spec::Mistakes mistakes;
    std::vector<fleet::Fleet> fleets;
    for (auto& training : experiment.trainings)
        if (auto* const rule = std::get_if<spec::Federated>(&training.kind); rule != nullptr && rule->fleet)
            mistakes.collect([&] {
                const auto path = "trainings." + training.label + ".fleet";
                auto fleet = fleet::parse_fleet(*rule->fleet, path,
                                                {experiment.seed, rule->nodes, places, lookup, accounting.link});
                check_places(fleet, accounting, path);
                settle_start(fleet, accounting, *rule, "trainings." + training.label + ".start");
                check_hours(fleet, *rule, experiment.seed, path);
                check_window(fleet, rule->selection, "trainings." + training.label + ".selection.window_hours");
                spec::check_grid(rule->selection, "trainings." + training.label + ".selection", grid_known(fleet));
                rule->fleet = std::make_shared<const ordered_json>(to_json(fleet));
                fleets.push_back(std::move(fleet));
            });
    mistakes.finish();
    shorten_fleets(experiment, fleets, accounting);
    for (const auto& training : experiment.trainings)
        if (const auto* const rule = std::get_if<spec::Federated>(&training.kind); rule != nullptr && !rule->fleet)
            spec::check_grid(
                rule->selection, "trainings." + training.label + ".selection",
                accounting.node_places.size() == 1 ? grid_known(fleet::one_kind(accounting)) : spec::GridNeed::none);
    for (const auto& training : experiment.trainings)
        if (const auto* const rule = std::get_if<spec::Federated>(&training.kind);
            rule != nullptr && !rule->fleet && fleet::decides(*rule, nullptr) && accounting.node_places.size() > 1)
            throw SpecError{
                "accounting.node_places: the rounds of " + training.label +
                " end by virtual time, and its nodes have several places; give it a fleet whose groups have "
                "a place each"};
}

}  // namespace fedgram::experiments
