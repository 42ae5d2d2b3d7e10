#include "common/report/render/methods_text.hpp"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "common/report/render/render.hpp"
#include "common/text/banded_number.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

std::string kilobytes(const std::optional<double>& bytes) { return bytes ? text::significant(*bytes / 1000) : "-"; }

// "1.27 (1.25-1.30)"
std::string ratio_words(const carbon::EnergyRatio& ratio)
{
    const text::Band band{ratio.low, ratio.high};
    return text::banded(ratio.likely, band) + (band.is_known() ? " (" + text::band_text(band) + ")" : "");
}

// What a method adds, in three columns.
std::vector<std::string> extra_work(const MethodsRow& row, const run::MethodCost& method)
{
    return {method.words.what, text::significant(100 * row.flops_share(method)),
            text::significant(100 * row.memory_share(method)),
            text::significant(static_cast<double>(method.coordinator.flops) / 1e6)};
}

void add(std::vector<std::vector<std::string>>& rows, const Table& table, const MethodsRow& row)
{
    const auto& outcome = table.outcome(table.columns[row.column]);
    const auto& against = row.against_fedavg;
    std::vector<std::string> texts{outcome.label};
    for (auto& text :
         row.methods.empty() ? std::vector<std::string>{"FedAvg", "-", "-", "-"} : extra_work(row, row.methods.front()))
        texts.push_back(text);
    for (auto& text : {kilobytes(row.bytes_up()), kilobytes(row.bytes_down()), std::to_string(outcome.rounds),
                       cell_text(table, table.cell(0, row.column)),
                       against ? table.outcome(table.columns[against->column]).label : std::string{"-"},
                       against ? ratio_words(against->ratio) : std::string{"-"}})
        texts.push_back(text);
    rows.push_back(std::move(texts));
    for (std::size_t i = 1; i < row.methods.size(); ++i) {
        auto& further = rows.emplace_back(std::vector<std::string>{""});
        for (auto& text : extra_work(row, row.methods[i])) further.push_back(text);
        further.resize(rows.front().size());
    }
}

Json row_json(const Table& table, const MethodsRow& row)
{
    const auto& column = table.columns[row.column];
    const auto& outcome = table.outcome(column);
    const auto or_null = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
    const auto result = table.result(table.cell(0, row.column));
    Json json{{"training", outcome.label},
              {"column", column.heading},
              {"updates", row.updates},
              {"bytes_up_per_update", or_null(row.bytes_up())},
              {"bytes_down_per_update", or_null(row.bytes_down())},
              {"flops", row.work.flops},
              {"memory_bytes", row.work.memory_bytes},
              {"methods", Json::array()},
              {"rounds", outcome.rounds},
              {"reached_target", outcome.reached_target ? Json(*outcome.reached_target) : Json(nullptr)},
              {"country", table.accounting.countries.front().iso3},
              {"gco2e", result ? Json(result->count()) : Json(nullptr)},
              {"against_fedavg", nullptr}};
    for (const auto& method : row.methods) {
        auto each = to_json(method);
        each["nodes"]["flops_share"] = row.flops_share(method);
        each["nodes"]["memory_share"] = row.memory_share(method);
        json["methods"].push_back(std::move(each));
    }
    if (const auto& against = row.against_fedavg)
        json["against_fedavg"] = {{"training", table.outcome(table.columns[against->column]).label},
                                  {"ratio", against->ratio.likely},
                                  {"low", against->ratio.low},
                                  {"high", against->ratio.high}};
    if (const auto& privacy = row.privacy) json["privacy"] = run::to_json(*privacy);
    return json;
}

// " fed has spent epsilon 3.20 at delta 1e-05 (RDP, Poisson sampling) with noise of 1.1 clips. Holds where ...": what
// is assumed once, where it is the same for all.
std::string privacy_words(const Table& table)
{
    std::string words;
    std::string assumed;
    for (const auto& row : table.methods.rows)
        if (const auto& spent = row.privacy) {
            if (!assumed.empty() && assumed != spent->assumptions) words += " " + assumed;
            assumed = spent->assumptions;
            words += " " + table.outcome(table.columns[row.column]).label + " has spent epsilon " +
                     text::significant(spent->epsilon) + " at delta " + text::shortest(spent->delta) + " (" +
                     spent->accountant + ") with noise of " + text::significant(spent->noise_multiplier) +
                     " clips, the last of " + text::significant(spent->clip) + ".";
        }
    return assumed.empty() ? words : words + " " + assumed;
}

}  // namespace

std::vector<std::vector<std::string>> methods_rows(const Table& table)
{
    if (table.methods.rows.empty()) return {};
    std::vector<std::vector<std::string>> rows{
        {"Federated methods", "method", "extra FLOPs, %", "extra memory, %", "coordinator MFLOP", "kB up", "kB down",
         "rounds", "gCO2e " + table.accounting.countries.front().iso3, "against", "times"}};
    for (const auto& row : table.methods.rows) add(rows, table, row);
    return rows;
}

std::string methods_note(const Table& table)
{
    return "Extra: what a method adds at the nodes, of all that they compute, and move in memory, for updates in the "
           "model. The coordinator's work is in no cell. kB (1000 bytes): of an update, mean. Times: grams in " +
           table.accounting.countries.front().name +
           " over those of the one training of the run that is plain FedAvg and set up alike in all else." +
           (table.target ? "" : " Without a target that is what they spent, whatever accuracy they came to.") +
           privacy_words(table);
}

std::string methods_section(const Table& table)
{
    const auto rows = methods_rows(table);
    if (rows.empty()) return {};
    text::TextTable grid{rows.front()};
    for (std::size_t i = 1; i < rows.size(); ++i) grid.add(rows[i]);
    return "\n" + grid.text() + methods_note(table) + "\n";
}

Json methods_json(const Table& table)
{
    auto list = Json::array();
    for (const auto& row : table.methods.rows) list.push_back(row_json(table, row));
    return list;
}

Json methods_json(const Table& table, std::size_t column)
{
    const auto* const row = table.methods.find(column);
    return row == nullptr ? Json(nullptr) : row_json(table, *row);
}

}  // namespace fedgram::report
