#include "common/report/compare/compare.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "common/error/error.hpp"
#include "common/report/render/render.hpp"
#include "common/report/render/text_sections.hpp"
#include "common/report/table/ratio.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

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

std::string titled(const Table& table)
{
    auto text = table.title() + "\n";
    for (const auto& note : place_notes(table)) text += "        " + note + "\n";
    return text;
}

std::string row_text(const carbon::GridIntensity& before, const carbon::GridIntensity& after)
{
    if (before.hourly) return before.name + " by the hour";
    return before.name + ", grid " + text::significant(before.intensity.count()) + " -> " +
           text::significant(after.intensity.count()) + " gCO2e/kWh";
}

std::string signed_grams(GramsCO2e grams) { return (grams.count() > 0 ? "+" : "") + text::significant(grams.count()); }

// A count as it is, else three digits.
std::string amount_text(double amount)
{
    return amount == std::floor(amount) && amount < 1e6 ? text::fixed(amount, 0) : text::significant(amount);
}

std::string drivers_text(const Table& before, const Cell& in_before, const Table& after, const Cell& in_after)
{
    text::TextTable grid;
    grid.add({"  driven by", "before", "after", "ratio"});
    for (const auto& driver : drivers(before, in_before, after, in_after))
        grid.add({"  " + driver.name, amount_text(driver.before), amount_text(driver.after),
                  ratio_text(ratio(driver.after, driver.before))});
    return grid.text();
}

std::string set_up_text(const run::TrainingOutcome& before, const run::TrainingOutcome& after)
{
    std::string text;
    for (const auto& each : set_up_differences(before, after))
        text += "  " + each.name + ": " + each.before + " -> " + each.after + "\n";
    return text;
}

std::string compared(const Table& before, const Cell& in_before, const Table& after, const Cell& in_after)
{
    const auto& column = before.columns[in_before.column];
    const auto& other = after.columns[in_after.column];
    const auto first = in_before.emissions.operational();
    const auto second = in_after.emissions.operational();
    const auto missed = [](const run::TrainingOutcome& outcome) {
        return outcome.missed_target() ? std::string{" ("} + outcome.missed_words() + ")" : std::string{};
    };
    text::TextTable grid;
    grid.add({"  term", "kJ before", "kJ after", "difference in g"});
    for (const auto& term : difference(before, in_before, after, in_after))
        grid.add({"  " + term.name, text::significant(term.before.count() / 1000),
                  text::significant(term.after.count() / 1000), signed_grams(term.difference)});
    grid.add({"  sum", "", "", signed_grams(second - first)});
    return column.heading + ": " + banded_grams(before, in_before) + missed(before.outcome(column)) + " -> " +
           banded_grams(after, in_after) + missed(after.outcome(other)) + ", ratio " +
           ratio_text(ratio(second.count(), first.count())) + "\n" + grid.text() +
           drivers_text(before, in_before, after, in_after) + set_up_text(before.outcome(column), after.outcome(other));
}

// The columns that only one of the two has.
std::string left_out(const char* which, const Table& table, const Table& other)
{
    std::vector<std::string> headings;
    for (const auto& column : table.columns)
        if (std::ranges::count(other.columns, column.heading, &Column::heading) == 0)
            headings.push_back(column.heading);
    return headings.empty()
               ? std::string{}
               : std::string{"\nOnly "} + which + ", compared with nothing: " + text::joined(headings, "; ") + "\n";
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

std::vector<Driver> drivers(const Table& before, const Cell& in_before, const Table& after, const Cell& in_after)
{
    const auto& column = before.columns[in_before.column];
    const auto& other = after.columns[in_after.column];
    const auto& first = column.phases;
    const auto& second = other.phases;
    const auto megabytes = [](const energy::TrainingEnergy& phases) {
        return static_cast<double>(phases.bytes_down + phases.bytes_up) / 1e6;
    };
    return {{"rounds", "rounds", static_cast<double>(before.outcome(column).rounds),
             static_cast<double>(after.outcome(other).rounds)},
            {"device time in s", "busy_seconds", first.busy.count(), second.busy.count()},
            {"waiting in s", "waiting_seconds", first.waiting.count(), second.waiting.count()},
            {"MB sent both ways", "megabytes_both_ways", megabytes(first), megabytes(second)},
            {"grid in gCO2e/kWh", "gco2e_per_kwh", before.grid(in_before).count(), after.grid(in_after).count()}};
}

std::vector<SetUpDifference> set_up_differences(const run::TrainingOutcome& before, const run::TrainingOutcome& after)
{
    const auto start = [](const auto& outcome) { return outcome.start.empty() ? "drawn parameters" : outcome.start; };
    const auto frozen = [](const auto& outcome) { return outcome.frozen ? "up to " + outcome.frozen->layer : "none"; };
    const auto precision = [](const auto& outcome) {
        return std::string{outcome.is_in_bf16 ? "bf16, priced at float32 rates" : "fp32"};
    };
    std::vector<SetUpDifference> differences{
        {"start", "start", start(before), start(after)},
        {"frozen layers", "frozen_to", frozen(before), frozen(after)},
        {"precision of products", "precision", precision(before), precision(after)}};
    std::erase_if(differences, [](const auto& each) { return each.before == each.after; });
    return differences;
}

CommonCells common_cells(const Table& before, const Table& after)
{
    for (std::size_t i = 0; i < before.accounting.countries.size(); ++i)
        for (std::size_t j = 0; j < after.accounting.countries.size(); ++j) {
            if (before.accounting.countries[i].iso3 != after.accounting.countries[j].iso3) continue;
            CommonCells common{i, j, {}};
            for (std::size_t k = 0; k < before.columns.size(); ++k)
                for (std::size_t l = 0; l < after.columns.size(); ++l)
                    if (before.columns[k].heading == after.columns[l].heading)
                        common.cells.emplace_back(before.cell(i, k), after.cell(j, l));
            if (!common.cells.empty()) return common;
        }
    throw SpecError{
        "the two runs have no column of the same heading in the same country; give both the same devices and "
        "countries"};
}

std::string compare(const Table& before, const Table& after)
{
    const auto common = common_cells(before, after);
    auto out =
        "before: " + titled(before) + "after:  " + titled(after) + "in " +
        row_text(before.accounting.countries[common.country_before], after.accounting.countries[common.country_after]) +
        "\n";
    for (const auto& [in_before, in_after] : common.cells) out += "\n" + compared(before, in_before, after, in_after);
    return out + left_out("before", before, after) + left_out("after", after, before);
}

}  // namespace fedgram::report
