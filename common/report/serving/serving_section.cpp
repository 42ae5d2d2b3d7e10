#include "common/report/serving/serving_section.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;
using run::Analysis;
using run::AnalyzedConfiguration;

std::string known(const std::optional<double>& value, double times = 1)
{
    return value ? text::significant(*value * times) : "-";
}

std::string idle_text(const std::optional<double>& share) { return share ? text::fixed(*share * 100, 0) + " %" : "-"; }

/// With the ranks of the best, and the default last.
std::vector<std::pair<std::string, const AnalyzedConfiguration*>> ranked(const Analysis& analysis)
{
    std::vector<std::pair<std::string, const AnalyzedConfiguration*>> all;
    for (const auto& one : analysis.best) all.emplace_back(std::to_string(all.size() + 1), &one);
    if (analysis.by_default) all.emplace_back("default", &*analysis.by_default);
    return all;
}

std::string best_table(const Analysis& analysis)
{
    text::TextTable table{{"", "device", "configuration", "load", "answers/s", "p99 ms", "of requests", "memory MB",
                           "accuracy", "core-s/1000", "J/1000", "g/1000", "USD/1000", "idle", "constraints"}};
    for (const auto& [rank, one] : ranked(analysis))
        table.add({rank, one->device, one->words, one->load, text::significant(one->throughput_per_s),
                   known(one->p99_ms), std::to_string(one->requests), known(one->memory_bytes, 1e-6),
                   one->accuracy ? text::percent(*one->accuracy) : "-", known(one->costs.core_seconds),
                   known(one->costs.joules), known(one->costs.grams), known(one->costs.usd),
                   idle_text(one->costs.idle_share),
                   !one->stable             ? "not stable"
                   : one->keeps_constraints ? "kept"
                                            : "broken"});
    return table.text();
}

std::string loads_table(const Analysis& analysis)
{
    text::TextTable table{
        {"", "load", "requests/s", "devices", "p99 ms", "J/1000", "g/1000", "USD/1000", "idle", "constraints"}};
    for (const auto& [rank, one] : ranked(analysis))
        for (const auto& load : one->loads)
            table.add({rank, load.load + (load.stable ? "" : ", not stable"), text::significant(load.requests_per_s),
                       std::to_string(load.devices), known(load.p99_ms), known(load.costs.joules),
                       known(load.costs.grams), known(load.costs.usd), idle_text(load.costs.idle_share),
                       load.keeps_constraints ? "kept" : "broken"});
    return table.text();
}

std::string analysis_text(const Analysis& analysis)
{
    auto text = analysis.name + ": " + analysis.model + " on " + text::joined(analysis.devices, ", ") + "; " +
                analysis.goal + ". " + analysis.sentence + "\n";
    if (!analysis.best.empty()) text += best_table(analysis) + "By load, of 1000 answers\n" + loads_table(analysis);
    for (const auto& note : analysis.notes) text += note + "\n";
    return text;
}

}  // namespace

std::string serving_section(std::span<const Analysis> analyses)
{
    if (analyses.empty()) return {};
    std::string text = "\nServing, as `fedgram analyze` found\n";
    for (const auto& analysis : analyses) text += (&analysis == analyses.data() ? "" : "\n") + analysis_text(analysis);
    return text;
}

Json serving_json(std::span<const Analysis> analyses)
{
    auto json = Json::array();
    for (const auto& analysis : analyses) {
        json.push_back({{"analysis", analysis.name}});
        json.back().update(*analysis.json);
    }
    return json;
}

}  // namespace fedgram::report
