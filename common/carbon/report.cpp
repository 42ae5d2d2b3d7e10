#include "common/carbon/report.hpp"

#include <cstdint>
#include <optional>

#include "common/carbon/cost.hpp"
#include "common/carbon/number_text.hpp"
#include "common/carbon/ratio.hpp"
#include "common/carbon/render.hpp"
#include "common/carbon/text_grid.hpp"
#include "common/error/error.hpp"

namespace fedgram::carbon {

namespace {

// Strubell, Ganesh and McCallum 2019 (arXiv:1906.02243), table 1, in pounds: a flight from New York to San Francisco
// and back for one person, and an average human life for one year.
constexpr double grams_per_pound = 453.59237;
constexpr double flight_grams = 1984 * grams_per_pound;
constexpr double life_grams_per_second = 11023 * grams_per_pound / (365.0 * 24 * 3600);

struct Budget {
    std::uint64_t samples = 0;
    std::uint64_t flops = 0;
};

// Of the devices alone: what the coordinator evaluates and aggregates stands beneath the table.
Budget budget_of(const TrainingRecord& record)
{
    Budget budget;
    for (const auto& line : record.lines)
        if (line.phase == energy::Phase::train && line.node && !line.wasted) {
            budget.samples += line.work.samples;
            budget.flops += line.work.flops;
        }
    return budget;
}

std::string budget_section(const Table& table, const RunRecord& run)
{
    TextGrid grid;
    const auto& country = table.accounting.countries.front();
    grid.add(
        {"Computational budget", "samples", "FLOPs", "device h", "kJ", "g " + country.iso3, "accuracy", "%/kJ", "%/g"});
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto& column = table.columns[j];
        const auto& outcome = table.outcome(column);
        const auto budget = budget_of(run.trainings[column.training]);
        const double kilojoules = column.energy.operational().count() / 1000;
        const double grams = table.cell(0, j).emissions.operational().count();
        const auto per = [&](double amount) { return ratio_text(ratio(outcome.test_accuracy * 100, amount)); };
        grid.add({column.heading, std::to_string(budget.samples),
                  significant(static_cast<double>(budget.flops) / 1e12) + " T",
                  significant(column.energy.device_time.count() / 3600), significant(kilojoules), significant(grams),
                  percent(outcome.test_accuracy) + (outcome.missed_target() ? " (missed)" : ""), per(kilojoules),
                  per(grams)});
    }
    return grid.text() + "Seed " + std::to_string(run.seed) +
           ", one run. Lost to faults, in no row: " + significant(run.wasted.count() / 1000) + " kJ in " +
           std::to_string(run.wasted_lines) +
           " ledger lines. Search for hyperparameters and earlier attempts aren't in a run folder: add them.\n";
}

std::string cost_section(const Table& table, const RunRecord& run)
{
    TextGrid grid;
    grid.add({"Costs", "device s", "USD electricity", "USD rent", "J / 1000 predictions", "predictions as dear"});
    const auto shown = [](const auto& value, double factor) {
        return value ? significant(*value * factor) : std::string{"-"};
    };
    for (const auto& column : table.columns) {
        const auto costs = cost(table, run, column);
        const auto joules = costs.per_prediction ? std::optional{costs.per_prediction->count()} : std::nullopt;
        grid.add({column.heading, significant(column.energy.device_time.count()), significant(costs.electricity_usd),
                  shown(costs.rent_usd, 1), shown(joules, 1000), shown(costs.break_even_predictions, 1)});
    }
    const auto& price = table.accounting.energy_usd_per_kwh;
    return "\n" + grid.text() + "Electricity, of devices with PUE and of the network, at " + significant(price.value) +
           " USD/kWh (" + price.source +
           "). Rent, where the profile has a price, contains electricity. Predictions as dear: "
           "when inference has drawn as much as the training, at the training's own evaluation batches.\n";
}

std::string equivalent(double grams)
{
    return significant(grams / life_grams_per_second) + " s of an average human life, or " +
           significant(grams / flight_grams * 1e6) + " millionths of a flight from New York to San Francisco and back";
}

std::string network_words(const Table& table, const Column& column)
{
    if (column.energy.network == Joules{}) return "";
    return " and " + significant(column.energy.network.count() / 1000) + " kJ in the network (" +
           network_text(table.accounting, table.accounting.network.method) + ")";
}

std::string band_words(const Table& table, const Cell& cell)
{
    if (table.columns[cell.column].band.influences.empty()) return "no band known";
    return "bounds " + significant(table.low(cell).count()) + " to " + significant(table.high(cell).count());
}

std::string grid_words(const Table& table, const Cell& cell)
{
    const auto grid = table.place(cell, 0);
    const auto effective = significant(table.grid(cell).count()) + " gCO2e/kWh";
    if (table.columns[cell.column].places.size() > 1)
        return grid.basis + " grid intensities of several places (" + effective + " by energy; " +
               place_notes(table).front() + ")";
    return grid.basis + " grid intensity of " + grid.name +
           (grid.hourly ? " by the hour" : " in " + std::to_string(grid.year)) + " (" + effective + ", " + grid.source +
           ")";
}

std::string statement(const Table& table, const RunRecord& run, const Cell& cell)
{
    const auto& column = table.columns[cell.column];
    const auto& outcome = table.outcome(column);
    const auto grams = cell.emissions.operational().count();
    const auto goal = table.target ? " to " + percent(*table.target) + " test accuracy (" + table.stop_rule + ")" : "";
    return column.heading + "\n  Training " + run.model + " on " + run.dataset + goal + " as \"" + outcome.label +
           "\" is estimated to emit " + significant(grams) + " gCO2e (" + band_words(table, cell) + ")" +
           (outcome.missed_target() ? ", without reaching the target (best " + percent(outcome.best_test_accuracy) + ")"
                                    : "") +
           ": " + significant(column.energy.devices.count() / 1000) + " kJ on " + table.device(column).name +
           (column.pue ? " at PUE " + shortest(column.pue->ratio()) : "") + network_words(table, column) + ", at the " +
           grid_words(table, cell) +
           ". Energy is modelled from the work done by a device profile, not "
           "measured; scope 1 is zero, embodied carbon " +
           (cell.emissions.embodied ? "would add " + significant(cell.emissions.embodied->count()) + " g"
                                    : "is unknown and left out") +
           ". That is " + equivalent(grams) + " (Strubell et al. 2019).\n";
}

}  // namespace

std::string report(const Table& table, const RunRecord& run)
{
    auto out = table.title() + "\n\n" + budget_section(table, run) + cost_section(table, run) + "\nStatements, " +
               table.accounting.countries.front().name + "\n";
    for (std::size_t j = 0; j < table.columns.size(); ++j) out += statement(table, run, table.cell(0, j));
    return out;
}

std::string model_card(const Table& table, const Cell& cell)
{
    const auto& column = table.columns[cell.column];
    if (table.outcome(column).missed_target())
        throw SpecError{column.heading + " missed its target: a model card of it would have no result"};
    std::string locations;
    std::string sources;
    for (std::size_t i = 0; i < column.places.size(); ++i) {
        const auto grid = table.place(cell, i);
        locations += (i == 0 ? "" : ", ") + grid.name;
        sources += (i == 0 ? "" : "; ") + grid.source + " " + std::to_string(grid.year) + ", " + grid.basis;
    }
    return "co2_eq_emissions:\n  emissions: " + shortest(cell.emissions.operational().count()) +
           "\n  source: \"Fedgram: energy modelled by the device profile " + column.device + "; " + sources +
           "\"\n  training_type: \"pre-training\"\n  geographical_location: \"" + locations +
           "\"\n  hardware_used: \"" + table.device(column).name + "\"\n";
}

}  // namespace fedgram::carbon
