#include "common/report/statement/report.hpp"

#include <optional>
#include <string>
#include <vector>

#include "common/error/error.hpp"
#include "common/report/render/methods_text.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/report/render/render.hpp"
#include "common/report/render/set_up.hpp"
#include "common/report/render/text_sections.hpp"
#include "common/report/statement/answer.hpp"
#include "common/report/statement/cost.hpp"
#include "common/report/statement/statement.hpp"
#include "common/report/statement/utilization.hpp"
#include "common/report/table/ratio.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

std::string budget_section(const Table& table, const run::RunRecord& run)
{
    text::TextTable grid;
    const auto& country = table.accounting.countries.front();
    grid.add({"Computational budget", "samples", "TFLOP", "device h", "kJ", "g " + country.iso3, "low-high", "accuracy",
              "%/kJ", "%/g"});
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto& column = table.columns[j];
        const auto& outcome = table.outcome(column);
        const auto work = run.trainings[column.training].work.trained();
        const double kilojoules = column.energy.operational().count() / 1000;
        const double grams = table.cell(0, j).emissions.operational().count();
        const auto per = [&](double amount) { return ratio_text(ratio(outcome.test_accuracy * 100, amount)); };
        grid.add({column.heading, std::to_string(work.samples),
                  text::significant(static_cast<double>(work.flops) / 1e12),
                  text::significant(column.energy.device_time.count() / 3600), text::significant(kilojoules),
                  grams_text(table, table.cell(0, j)), text::band_text(table.band(table.cell(0, j))),
                  text::percent(outcome.test_accuracy) +
                      (outcome.missed_target() ? std::string{" ("} + outcome.missed_words() + ")" : ""),
                  per(kilojoules), per(grams)});
    }
    if (run.imported)
        return grid.text() +
               "The work was imported: its seed and what was lost are not known. kJ and g contain PUE or "
               "waiting, and the network.\n";
    return grid.text() + "Seed " + std::to_string(run.seed) +
           ", one run. Lost to faults, in no row: " + text::significant(run.wasted.count() / 1000) + " kJ in " +
           std::to_string(run.wasted_lines) +
           " ledger lines. kJ and g contain PUE or waiting, and the network. Search for hyperparameters and earlier "
           "attempts aren't in a run folder: add them." +
           (table.reductions.rows.empty() ? "" : " What levers took is in no row: it stands with the reduced models.") +
           "\n";
}

std::string cost_section(const Table& table, const run::RunRecord& run)
{
    text::TextTable grid;
    grid.add({"Costs", "device s", "USD electricity", "USD rent", "J / 1000 batched predictions",
              "predictions that draw as much"});
    const auto shown = [](const auto& value, double factor) {
        return value ? text::significant(*value * factor) : std::string{"-"};
    };
    const auto per_thousand = [](const std::optional<Joules>& each) {
        return each ? text::significant(each->count() * 1000) : std::string{"-"};
    };
    for (const auto& column : table.columns) {
        const auto costs = cost(table, run, column);
        grid.add({column.heading, text::significant(column.energy.device_time.count()),
                  text::significant(costs.electricity_usd), shown(costs.rent_usd, 1),
                  per_thousand(costs.per_prediction), shown(costs.predictions_as_training, 1)});
    }
    const auto& price = table.accounting.energy_usd_per_kwh;
    return "\n" + grid.text() + "Electricity, of devices with PUE and of the network, at " +
           text::significant(price.value) + " USD/kWh (" + price.source +
           "). Rent, where the profile has a price, contains electricity. Predictions are in the batches of the "
           "training's own evaluations; the last column is how many of them draw as much as the training did." +
           (table.reductions.rows.empty() ? ""
                                          : " After how many a lever has paid stands below, where each is computed by "
                                            "itself.") +
           "\n";
}

std::string utilization_section(const Table& table, const run::RunRecord& run)
{
    text::TextTable grid;
    grid.add(
        {"Utilization", "device", "at work s", "of it for the host s", "waiting s", "busy", "of sustained FLOP/s"});
    const auto share = [](const std::optional<double>& fraction) {
        return fraction ? text::significant(*fraction * 100) + " %" : std::string{"-"};
    };
    for (const auto& column : table.columns) {
        const auto used = utilization(table, run, column);
        grid.add({column.heading, column.device, text::significant(used.busy.count()),
                  used.host ? text::significant(used.host->count()) : "-", text::significant(used.waiting.count()),
                  share(used.busy_share), share(used.of_sustained_rate)});
    }
    double host = 0;
    for (const auto& training : run.trainings) host += training.host_cpu_seconds;
    return "\n" + grid.text() +
           "Virtual time, summed over nodes. At work: training and transfers; of it the device waits for the host that "
           "launches and loads. Busy: the rest of it over all time. The last column is trained FLOPs over the "
           "profile's "
           "rate x the time at work." +
           (run.imported
                ? ""
                : " Simulating it took " + text::significant(host) + " CPU s on " +
                      run.host_cpu_model.value_or("a CPU that summary.json doesn't name") + ", which are in no row.") +
           "\n";
}

std::string node_section(const Table& table)
{
    text::TextTable grid;
    grid.add({"Accuracy by node", "nodes", "mean", "worst tenth", "worst", "median", "best"});
    bool any = false;
    for (const auto& training : table.trainings) {
        if (!training.outcome.node_test) continue;
        any = true;
        const auto& test = *training.outcome.node_test;
        const auto all = test.accuracies();
        grid.add({training.outcome.label, std::to_string(all.size()), text::percent(test.mean()),
                  text::percent(test.worst_tenth()), text::percent(all.front()),
                  text::percent((all[(all.size() - 1) / 2] + all[all.size() / 2]) / 2), text::percent(all.back())});
    }
    if (!any) return {};
    return "\n" + grid.text() +
           "Of the final global model, on what each node held out of its own samples; each node counts alike.\n";
}

}  // namespace

std::string report(const Table& table, const run::RunRecord& run)
{
    std::string notes;
    for (const auto& note : run.notes) notes += note + "\n";
    const auto beneath = footnotes(run, table.accounting);
    auto out = table.title() + "\n" + answer(table) + "\n" + notes + "\n" + budget_section(table, run) +
               cost_section(table, run) + utilization_section(table, run) + node_section(table) +
               methods_section(table) + reductions_section(table) + missing_nodes_section(beneath) +
               measured_section(beneath) + "\nStatements, " + table.accounting.countries.front().name + "\n";
    const StatedRun stated[] = {{&table, &run}};
    for (std::size_t j = 0; j < table.columns.size(); ++j)
        out += table.columns[j].heading + "\n  " + statement(stated, j) + "\n";
    return out;
}

std::string model_card(const Table& table, const Cell& cell)
{
    const auto& column = table.columns[cell.column];
    const auto& outcome = table.outcome(column);
    if (outcome.missed_target())
        throw SpecError{column.heading + " missed its target: a model card of it would have no result"};
    std::vector<std::string> locations;
    std::vector<std::string> sources;
    for (std::size_t i = 0; i < column.places.size(); ++i) {
        const auto grid = table.place(cell, i);
        locations.push_back(grid.name);
        sources.push_back(source_text(grid) + " " + std::to_string(grid.year) + ", " + grid.basis);
    }
    const auto set_up = set_up_words(outcome);
    return "co2_eq_emissions:\n  emissions: " + grams_text(table, cell) + "\n  source: " +
           yaml_text(std::string{"Fedgram: energy "} +
                     (column.measured ? "measured on " : "modelled by the device profile ") + column.device + "; " +
                     text::joined_once(sources, "; ") + (set_up.empty() ? "" : "; " + set_up)) +
           "\n  training_type: " + yaml_text(outcome.start.empty() ? "pre-training" : "fine-tuning") +
           "\n  geographical_location: " + yaml_text(text::joined_once(locations, ", ")) +
           "\n  hardware_used: " + yaml_text(table.device_name(column)) + "\n";
}

}  // namespace fedgram::report
