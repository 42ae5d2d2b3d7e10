#include "common/report/render/methods_text.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include <nlohmann/json.hpp>

#include "common/report/render/render.hpp"
#include "common/text/banded_number.hpp"
#include "common/text/joined.hpp"
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
    return {text::significant(100 * row.flops_share(method)), text::significant(100 * row.memory_share(method)),
            text::significant(static_cast<double>(method.coordinator.flops) / 1e6)};
}

void add(std::vector<std::vector<std::string>>& rows, const Table& table, const MethodsRow& row)
{
    const auto& outcome = table.outcome(table.columns[row.column]);
    const auto& against = row.against_fedavg;
    std::vector<std::string> texts{outcome.label, row.what()};
    const auto add = [&texts](std::vector<std::string> more) { std::ranges::move(more, std::back_inserter(texts)); };
    add(row.methods.empty() ? std::vector<std::string>{"-", "-", "-"} : extra_work(row, row.methods.front()));
    add({kilobytes(row.bytes_up()), kilobytes(row.bytes_down()), std::to_string(outcome.rounds)});
    if (table.methods.has_privacy()) add({row.privacy ? text::significant(row.privacy->epsilon) : "-"});
    add({cell_text(table, table.cell(0, row.column)),
         against ? table.outcome(table.columns[against->column]).label : "-",
         against ? ratio_words(against->ratio) : "-"});
    rows.push_back(std::move(texts));
    for (std::size_t i = 1; i < row.methods.size(); ++i) {
        auto& further = rows.emplace_back(std::vector<std::string>{"", row.methods[i].words.what});
        for (auto& text : extra_work(row, row.methods[i])) further.push_back(std::move(text));
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
              {"what", row.what()},
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
        if (const auto& messages = method.messages; !messages.none()) {
            each["messages"]["up_per_round"] = row.messages_each_round(messages.up);
            each["messages"]["down_per_round"] = row.messages_each_round(messages.down);
        }
        json["methods"].push_back(std::move(each));
    }
    if (const auto& against = row.against_fedavg)
        json["against_fedavg"] = {{"training", table.outcome(table.columns[against->column]).label},
                                  {"ratio", against->ratio.likely},
                                  {"low", against->ratio.low},
                                  {"high", against->ratio.high}};
    if (const auto& privacy = row.privacy) json["privacy"] = run::to_json(*privacy);
    if (const auto& cohort = row.by_coins)
        json["cohort"] = {
            {"mean", cohort->mean}, {"deviation", cohort->deviation}, {"work_deviation", cohort->work_deviation}};
    return json;
}

// " Messages of secure aggregation a round, beside the model: fed 40 up and 30 down."
std::string message_words(const Table& table)
{
    std::vector<std::string> trainings;
    for (const auto& row : table.methods.rows)
        for (const auto& [words, nodes, coordinator, messages] : row.methods) {
            if (messages.none()) continue;
            const auto each_round = [&row = row](std::uint64_t sum) {
                return text::shortest(std::round(10 * row.messages_each_round(sum)) / 10);
            };
            trainings.push_back(table.outcome(table.columns[row.column]).label + " " + each_round(messages.up) +
                                " up and " + each_round(messages.down) + " down");
        }
    if (trainings.empty()) return {};
    return " Messages of secure aggregation a round, beside the model: " + text::joined(trainings) + ".";
}

// ", cohorts of 10.0 nodes with a deviation of 3.00: Work varies by 5.48 %"
std::string cohort_words(const CoinCohort& cohort)
{
    return ", cohorts of " + text::significant(cohort.mean) + " nodes with a deviation of " +
           text::significant(cohort.deviation) + ": Work varies by " + text::significant(100 * cohort.work_deviation) +
           " %";
}

// " Epsilon is what has been spent. fed: at delta 1e-05 (RDP, Poisson sampling), with a noise multiplier of
// 1.1, a clip of 0.5 at the end, cohorts of 10 nodes with a deviation of 3: Work varies by 9.5 %. Holds where ...":
// what is assumed once, where it is the same for all.
std::string privacy_words(const Table& table)
{
    std::string words;
    std::string assumed;
    for (const auto& row : table.methods.rows)
        if (const auto& spent = row.privacy) {
            if (!assumed.empty() && assumed != spent->assumptions) words += " " + assumed;
            assumed = spent->assumptions;
            words += " " + table.outcome(table.columns[row.column]).label + ": at delta " +
                     text::shortest(spent->delta) + " (" + spent->accountant + "), with a noise multiplier of " +
                     text::significant(spent->noise_multiplier) + ", a clip of " + text::significant(spent->clip) +
                     " at the end" + (row.by_coins ? cohort_words(*row.by_coins) : std::string{}) + ".";
        }
    if (words.empty()) return words;
    const bool any_by_coins =
        std::ranges::any_of(table.methods.rows, [](const MethodsRow& row) { return row.by_coins.has_value(); });
    return " Epsilon is what has been spent." + words + " " + assumed +
           (any_by_coins ? " A cohort is a Poisson draw of mean n with deviation sqrt(n (1 - q)); over all rounds Work "
                           "varies by that over n sqrt(rounds), one deviation, which no band has."
                         : "");
}

}  // namespace

std::vector<std::vector<std::string>> methods_rows(const Table& table)
{
    if (table.methods.rows.empty()) return {};
    std::vector<std::vector<std::string>> rows{{"Federated methods", "method", "extra FLOPs, %", "extra memory, %",
                                                "coordinator MFLOP", "kB up", "kB down", "rounds"}};
    auto& heading = rows.front();
    if (table.methods.has_privacy()) heading.emplace_back("epsilon");
    for (const auto& text :
         {"gCO2e " + table.accounting.countries.front().iso3, std::string{"against"}, std::string{"times"}})
        heading.push_back(text);
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
           message_words(table) + privacy_words(table);
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
