#include <optional>
#include <string>

#include "common/carbon/number_text.hpp"
#include "common/carbon/render.hpp"

namespace fedgram::carbon {

namespace {

// RFC 4180: quotes around what holds a comma, a quote or a line's end; quotes doubled.
std::string field(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string{"\"\""} : std::string{c};
    return quoted + "\"";
}

std::string field(std::optional<double> value) { return value ? shortest(*value) : ""; }

std::string field(std::optional<GramsCO2e> grams) { return grams ? shortest(grams->count()) : ""; }

}  // namespace

std::string render_csv(const Table& table)
{
    std::string out =
        "country,training,device,pue,column,reached_target,scope2_gco2e,network_gco2e,gco2e,embodied_gco2e,"
        "total_gco2e,published_gco2e,spent_gco2e,best_test_accuracy,low_gco2e,high_gco2e\n";
    for (const auto& cell : table.cells) {
        const auto& column = table.columns[cell.column];
        const auto& outcome = table.outcome(column);
        const auto& emissions = cell.emissions;
        const bool missed = outcome.missed_target();
        const auto result = [&](std::optional<GramsCO2e> grams) { return field(missed ? std::nullopt : grams); };
        out += field(table.accounting.countries[cell.country].iso3) + "," + field(outcome.label) + "," +
               field(column.device) + "," + (column.pue ? shortest(column.pue->ratio()) : "") + "," +
               field(column.heading) + "," +
               (outcome.reached_target ? *outcome.reached_target ? "true" : "false" : "") + "," +
               result(emissions.scope2) + "," + result(emissions.network) + "," + result(emissions.operational()) +
               "," + result(emissions.embodied) + "," + result(emissions.total()) + "," + field(cell.published) + "," +
               (missed ? shortest(emissions.operational().count()) : "") + "," + shortest(outcome.best_test_accuracy) +
               "," + result(table.low(cell)) + "," + result(table.high(cell)) + "\n";
    }
    return out;
}

}  // namespace fedgram::carbon
