#include "common/report/statement/statement.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "common/report/render/render.hpp"
#include "common/report/render/set_up.hpp"
#include "common/text/joined.hpp"
#include "common/text/mass_unit.hpp"
#include "common/text/number_text.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

namespace {

// Strubell, Ganesh and McCallum 2019 (arXiv:1906.02243), table 1, in pounds: a flight from New York to San Francisco
// and back for one person, and an average human life for one year.
constexpr double grams_per_pound = 453.59237;
constexpr double flight_grams = 1984 * grams_per_pound;
constexpr double life_grams_per_second = 11023 * grams_per_pound / (365.0 * 24 * 3600);

std::string equivalent(double grams)
{
    return text::significant(grams / life_grams_per_second) + " s of an average human life, or " +
           text::significant(grams / flight_grams * 1e6) +
           " millionths of a flight from New York to San Francisco and back";
}

// The mean of a column over runs, in the first country.
struct Estimate {
    GramsCO2e grams;
    GramsCO2e low;
    GramsCO2e high;
    Joules devices;
    Joules network;
    std::optional<GramsCO2e> embodied;
    GramsPerKilowattHour grid;  ///< what the energy of all runs meets together
};

text::Band band_of(const Estimate& estimate) { return {estimate.low.count(), estimate.high.count()}; }

Estimate mean(std::span<const StatedRun> runs, std::size_t column)
{
    Estimate sum;
    sum.embodied = GramsCO2e{};
    for (const auto& [table, run] : runs) {
        const auto& cell = table->cell(0, column);
        sum.grams += cell.emissions.operational();
        sum.low += table->low(cell);
        sum.high += table->high(cell);
        sum.devices += table->columns[column].energy.devices;
        sum.network += table->columns[column].energy.network;
        sum.embodied = sum.embodied && cell.emissions.embodied ? std::optional{*sum.embodied + *cell.emissions.embodied}
                                                               : std::nullopt;
    }
    const double share = 1 / static_cast<double>(runs.size());
    Estimate mean{sum.grams * share,
                  sum.low * share,
                  sum.high * share,
                  sum.devices * share,
                  sum.network * share,
                  sum.embodied ? std::optional{*sum.embodied * share} : std::nullopt,
                  runs.front().table->cell(0, column).intensity};
    const auto energy = mean.devices + mean.network;
    if (runs.size() > 1 && energy > Joules{}) mean.grid = mean.grams / energy;
    return mean;
}

std::string seeds_words(std::span<const StatedRun> runs)
{
    if (runs.size() == 1) return "";
    std::string seeds;
    for (const auto& stated : runs) seeds += (seeds.empty() ? "" : ", ") + std::to_string(stated.run->seed);
    return ", in " + std::to_string(runs.size()) + " runs with the seeds " + seeds + ",";
}

std::string spread_words(std::span<const StatedRun> runs, std::size_t column, const text::MassUnit& unit,
                         const text::Band& band)
{
    if (runs.size() == 1) return "";
    auto least = runs.front().table->cell(0, column).emissions.operational();
    auto most = least;
    for (const auto& stated : runs) {
        const auto grams = stated.table->cell(0, column).emissions.operational();
        least = std::min(least, grams);
        most = std::max(most, grams);
    }
    return " a run on average, from " + unit.text(least, band) + " to " + unit.text(most, band);
}

std::string missed_words(std::span<const StatedRun> runs, std::size_t column)
{
    std::size_t missed = 0;
    double best = 0;
    for (const auto& [table, run] : runs) {
        const auto& outcome = table->outcome(table->columns[column]);
        missed += outcome.missed_target() ? 1 : 0;
        if (outcome.missed_target()) best = std::max(best, outcome.best_test_accuracy);
    }
    if (missed == 0) return "";
    return ", " +
           (runs.size() == 1
                ? std::string{runs.front().table->outcome(runs.front().table->columns[column]).interrupted
                                  ? "interrupted before its end"
                                  : "without reaching the target"}
                : std::to_string(missed) + " of the runs without reaching the target, their cost included") +
           " (best " + text::percent(best) + ")";
}

std::string band_words(const Table& table, std::size_t column, const Estimate& estimate, const text::MassUnit& unit)
{
    const auto& shown = table.columns[column];
    if (!shown.measured && shown.band.sensitivities.empty()) return "no band known";
    return "bounds " + unit.text(band_of(estimate));
}

std::string network_words(const Table& table, Joules network)
{
    if (network == Joules{}) return "";
    return " and " + text::significant(network.count() / 1000) + " kJ in the network (" +
           network_text(table, table.accounting.network.method) + ")";
}

// "United States, 2024, lifecycle, ember-2026"
std::string origin_words(const carbon::GridIntensity& grid)
{
    const auto when = grid.hourly ? " by the hour" : ", " + std::to_string(grid.year);
    return grid.name + when + ", " + grid.basis + ", " + source_text(grid);
}

std::string grid_words(const Table& table, std::size_t column, GramsPerKilowattHour effective)
{
    const auto& cell = table.cell(0, column);
    const auto intensity = text::significant(effective.count()) + " gCO2e/kWh (";
    const auto count = cell.intensities.size();
    if (count == 1) return "a grid intensity of " + intensity + origin_words(table.place(cell, 0)) + ")";
    std::string in_turn;
    std::vector<std::string> grids;
    for (std::size_t i = 0; i < count; ++i) {
        const auto grid = table.place(cell, i);
        in_turn += (i == 0 ? "" : ", ") + grid.name;
        grids.push_back((grid.hourly ? std::string{} : text::significant(grid.intensity.count()) + " in ") +
                        origin_words(grid));
    }
    return "an energy-weighted grid intensity of " + intensity +
           (table.fleet(table.columns[column]) != nullptr ? "the fleet's groups with their network in "
                                                          : "nodes with their network in turn in ") +
           in_turn + ": " + text::joined_once(grids, "; ") + ")";
}

// Of the work that the energy is modelled from.
std::string work_words(const run::RunRecord& run)
{
    if (!run.imported) return "the work done";
    return "work that was recorded elsewhere" +
           (run.lacks.empty() ? std::string{}
                              : " without " + text::joined(run.lacks, " and ") + ", so that it is a lower bound,");
}

std::string validations(std::span<const energy::DeviceProfile> devices)
{
    if (devices.size() == 1) return "the profile is " + validation_text(devices.front());
    std::string out;
    for (const auto& device : devices)
        out += (out.empty() ? "" : ", ") + ("that of " + device.id + " is ") + validation_text(device);
    return out;
}

std::string origin_words(const Table& table, const run::RunRecord& run, const Column& column)
{
    if (column.measured)
        return "measured on the machine that trained (" + column.measured->reading.method + ", " +
               column.measured->reading.boundary + "), in the train phases alone";
    return "modelled from " + work_words(run) + " by a device profile (" + execution_text(table) + "), not measured; " +
           validations(table.devices(column));
}

std::string embodied_words(std::optional<GramsCO2e> embodied)
{
    if (!embodied) return "is unknown and left out";
    const auto unit = text::mass_unit(*embodied);
    return "would add " + unit.text(*embodied) + " " + unit.name;
}

std::string equivalent_words(GramsCO2e mass)
{
    return mass == GramsCO2e{} ? "" : " That is " + equivalent(mass.count()) + " (Strubell et al. 2019).";
}

}  // namespace

std::string statement(std::span<const StatedRun> runs, std::size_t column_index)
{
    const auto& table = *runs.front().table;
    const auto& run = *runs.front().run;
    const auto& column = table.columns[column_index];
    const auto estimate = mean(runs, column_index);
    const auto unit = text::mass_unit(estimate.grams);
    const auto goal = table.target ? " to " + table.goal() + " (" + table.stop_rule + ")" : std::string{};
    const auto samples =
        run.train_samples ? " (" + std::to_string(*run.train_samples) + " training samples)" : std::string{};
    const auto& outcome = table.outcome(column);
    std::vector<std::string> set_up;
    for (auto& words : {run.trainings[column.training].set_up, set_up_words(outcome)})
        if (!words.empty()) set_up.push_back(words);
    return (outcome.start.empty() ? "Training " : "Fine-tuning ") + run.model + " on " + run.dataset + samples + goal +
           " as \"" + outcome.label + "\"" + (set_up.empty() ? "" : " (" + text::joined(set_up, "; ") + ")") +
           seeds_words(runs) + " is estimated to emit " + unit.text(estimate.grams, band_of(estimate)) + " " +
           unit.name + "CO2e" + spread_words(runs, column_index, unit, band_of(estimate)) + " (" +
           band_words(table, column_index, estimate, unit) + ")" + missed_words(runs, column_index) + ": " +
           text::significant(estimate.devices.count() / 1000) + " kJ on " + table.device_name(column) +
           (column.pue ? " at PUE " + text::shortest(column.pue->ratio()) : "") +
           network_words(table, estimate.network) + ", at " + grid_words(table, column_index, estimate.grid) +
           ". Energy is " + origin_words(table, run, column) + "; scope 1 is zero, embodied carbon " +
           embodied_words(estimate.embodied) + "." + equivalent_words(estimate.grams);
}

}  // namespace fedgram::report
