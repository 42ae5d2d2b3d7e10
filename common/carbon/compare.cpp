#include "common/carbon/compare.hpp"

#include <algorithm>
#include <optional>

#include "common/carbon/number_text.hpp"
#include "common/carbon/ratio.hpp"
#include "common/carbon/render.hpp"
#include "common/carbon/text_grid.hpp"
#include "common/error/error.hpp"

namespace fedgram::carbon {

namespace {

struct Term {
    const char* name;
    Joules energy;
};

// What a cell's energy is the sum of.
std::vector<Term> terms(const Table& table, const Column& column)
{
    const auto& phases = column.phases;
    if (column.pue)
        return {{"train", phases.train},
                {"PUE above 1", phases.train * (column.pue->ratio() - 1)},
                {"network", column.energy.network}};
    return {{"train", phases.train},
            {"download", phases.download},
            {"upload", phases.upload},
            {"idle", table.accounting.idle ? phases.idle : Joules{}},
            {"network", column.energy.network}};
}

template <class Items, class Same>
std::optional<std::size_t> index_of(const Items& items, Same same)
{
    const auto found = std::find_if(items.begin(), items.end(), same);
    if (found == items.end()) return std::nullopt;
    return static_cast<std::size_t>(found - items.begin());
}

std::string row_grid(const GridIntensity& grid) { return grid.hourly ? "hourly" : significant(grid.intensity.count()); }

std::string signed_grams(GramsCO2e grams) { return (grams.count() > 0 ? "+" : "") + significant(grams.count()); }

// What drives the terms: rounds, and what the devices did in them.
std::string drivers(const Table& before, const Column& a, const Table& after, const Column& b)
{
    TextGrid grid;
    grid.add({"  driven by", "before", "after", "ratio"});
    const auto line = [&](const std::string& name, double first, double second) {
        grid.add({"  " + name, significant(first), significant(second), ratio_text(ratio(second, first))});
    };
    line("rounds", before.outcome(a).rounds, after.outcome(b).rounds);
    line("device time in s", a.phases.busy.count(), b.phases.busy.count());
    line("waiting in s", a.phases.waiting.count(), b.phases.waiting.count());
    line("MB sent both ways", static_cast<double>(a.phases.bytes_down + a.phases.bytes_up) / 1e6,
         static_cast<double>(b.phases.bytes_down + b.phases.bytes_up) / 1e6);
    return grid.text();
}

std::string compared(const Table& before, const Cell& in_before, const Table& after, const Cell& in_after)
{
    const auto& column = before.columns[in_before.column];
    const auto& other = after.columns[in_after.column];
    const auto first = in_before.emissions.operational();
    const auto second = in_after.emissions.operational();
    const auto missed = [](const TrainingOutcome& outcome) {
        return std::string{outcome.missed_target() ? " (not reached)" : ""};
    };
    TextGrid grid;
    grid.add({"  term", "kJ before", "kJ after", "difference in g"});
    for (const auto& term : difference(before, in_before, after, in_after))
        grid.add({"  " + term.name, significant(term.before.count() / 1000), significant(term.after.count() / 1000),
                  signed_grams(term.difference)});
    grid.add({"  sum", "", "", signed_grams(second - first)});
    return column.heading + ": " + significant(first.count()) + " g" + missed(before.outcome(column)) + " -> " +
           significant(second.count()) + " g" + missed(after.outcome(other)) + ", ratio " +
           ratio_text(ratio(second.count(), first.count())) + "\n" + grid.text() +
           drivers(before, column, after, other);
}

}  // namespace

std::vector<DifferenceTerm> difference(const Table& before, const Cell& in_before, const Table& after,
                                       const Cell& in_after)
{
    const auto& column = before.columns[in_before.column];
    const auto& other = after.columns[in_after.column];
    const auto grid = before.grid(in_before);
    const auto first = terms(before, column);
    const auto second = terms(after, other);
    std::vector<DifferenceTerm> result;
    for (std::size_t i = 0; i < first.size(); ++i)
        result.push_back(
            {first[i].name, first[i].energy, second[i].energy, second[i].energy * grid - first[i].energy * grid});
    const auto energy = other.energy.operational();
    result.push_back({"grid", column.energy.operational(), energy, energy * after.grid(in_after) - energy * grid});
    return result;
}

std::string compare(const Table& before, const Table& after)
{
    for (std::size_t i = 0; i < before.accounting.countries.size(); ++i) {
        const auto& country = before.accounting.countries[i];
        const auto j = index_of(after.accounting.countries, [&](const auto& c) { return c.iso3 == country.iso3; });
        if (!j) continue;
        std::string out = "before: " + before.title() + "\nafter:  " + after.title() + "\nin " + country.name +
                          ", grid " + row_grid(country) + " -> " + row_grid(after.accounting.countries[*j]) +
                          " gCO2e/kWh\n";
        bool any = false;
        for (std::size_t k = 0; k < before.columns.size(); ++k) {
            const auto& heading = before.columns[k].heading;
            const auto l = index_of(after.columns, [&](const auto& c) { return c.heading == heading; });
            if (!l) continue;
            any = true;
            out += "\n" + compared(before, before.cell(i, k), after, after.cell(*j, *l));
        }
        if (any) return out;
    }
    throw SpecError{
        "the two runs have no column of the same heading in the same country; give both the same devices and "
        "countries"};
}

}  // namespace fedgram::carbon
