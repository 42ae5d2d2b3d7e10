#include "experiments/lookup/zero_grids.hpp"

#include <algorithm>

#include "common/carbon/assumptions/datacenter_site.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

std::string zero_grid_note(const carbon::GridIntensity& grid)
{
    if (grid.intensity != GramsPerKilowattHour{}) return {};
    return (grid.hourly ? grid.hourly->name : grid.iso3) + " counts as 0 g/kWh: " + zero_grid_reason(grid.source);
}

std::vector<std::string> zero_grid_notes(const carbon::Accounting& accounting)
{
    std::vector<std::string> notes;
    const auto add = [&](const std::string& note) {
        if (!note.empty() && std::ranges::find(notes, note) == notes.end()) notes.push_back(note);
    };
    for (const auto& country : accounting.countries) add(zero_grid_note(country));
    for (const auto& place : accounting.node_places)
        if (place) add(zero_grid_note(*place));
    for (const auto& site : accounting.datacenter_sites)
        if (site.intensity == GramsPerKilowattHour{})
            add(carbon::id_of(site) + " counts as 0 g/kWh: " + zero_grid_reason(site.source));
    return notes;
}

}  // namespace fedgram::experiments
