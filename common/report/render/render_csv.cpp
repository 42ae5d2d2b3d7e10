#include <cmath>
#include <optional>
#include <string>

#include "common/report/render/render.hpp"
#include "common/report/render/set_up.hpp"
#include "common/report/table/not_told_apart.hpp"
#include "common/text/csv_field.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

std::string field(std::optional<double> value) { return value ? text::shortest(*value) : ""; }

std::string field(std::optional<GramsCO2e> grams) { return grams ? text::shortest(grams->count()) : ""; }

// "first/central.pt,conv2,bf16"
std::string set_up_fields(const run::TrainingOutcome& outcome)
{
    return text::csv_field(outcome.start) + "," + text::csv_field(outcome.frozen ? outcome.frozen->layer : "") + "," +
           (outcome.is_in_bf16 ? "bf16" : "fp32");
}

std::string known(double value) { return std::isnan(value) ? "" : text::shortest(value); }

}  // namespace

std::string render_csv(const Table& table)
{
    std::string out =
        "country,training,device,pue,column,reached_target,scope2_gco2e,network_gco2e,gco2e,embodied_gco2e,"
        "total_gco2e,published_gco2e,spent_gco2e,best_test_accuracy,low_gco2e,high_gco2e,not_told_apart_from";
    const bool with_set_up = !set_up_notes(table).empty();
    out += with_set_up ? ",start,frozen_to,precision\n" : "\n";
    for (const auto& cell : table.cells) {
        const auto& column = table.columns[cell.column];
        const auto& outcome = table.outcome(column);
        const auto& emissions = cell.emissions;
        const bool missed = outcome.missed_target();
        const auto result = [&](std::optional<GramsCO2e> grams) { return field(missed ? std::nullopt : grams); };
        out += text::csv_field(table.accounting.countries[cell.country].iso3) + "," + text::csv_field(outcome.label) +
               "," + text::csv_field(column.device) + "," + (column.pue ? text::shortest(column.pue->ratio()) : "") +
               "," + text::csv_field(column.heading) + "," +
               (outcome.reached_target ? *outcome.reached_target ? "true" : "false" : "") + "," +
               result(emissions.scope2) + "," + result(emissions.network) + "," + result(emissions.operational()) +
               "," + result(emissions.embodied) + "," + result(emissions.total()) + "," + field(cell.published) + "," +
               (missed ? text::shortest(emissions.operational().count()) : "") + "," +
               known(outcome.best_test_accuracy) + "," + result(table.low(cell)) + "," + result(table.high(cell)) +
               "," + text::csv_field(text::joined_once(alike_columns(table, cell), "; ")) +
               (with_set_up ? "," + set_up_fields(outcome) : "") + "\n";
    }
    return out;
}

}  // namespace fedgram::report
