#include "experiments/analyzing/costs_table.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "common/text/text_table.hpp"
#include "experiments/analyzing/answer_text.hpp"

namespace fedgram::experiments {

namespace {

struct CostRow {
    std::string rank;
    std::string device;
    std::string load;
    std::optional<double> core_seconds;
    analysis::Costs costs;
};

std::vector<CostRow> cost_rows(const AnalysisReport& report)
{
    std::vector<CostRow> rows;
    const auto add = [&](const std::string& rank, const analysis::JournalEntry& found) {
        rows.push_back({rank, found.probe.configuration.device, load_text(found.probe.load),
                        found.measurement.core_seconds_per_1000, found.measurement.costs});
    };
    for (std::size_t i = 0; i < report.result.best.size(); ++i) {
        const auto& best = report.result.best[i].best;
        const auto rank = std::to_string(i + 1);
        add(rank, best);
        for (const auto& row : report.loads[i])
            rows.push_back({rank, best.probe.configuration.device, row.load, row.core_seconds_per_1000, row.costs});
    }
    if (report.result.by_default) add("default", report.result.by_default->best);
    return rows;
}

}  // namespace

std::string costs_table(const AnalysisReport& report)
{
    const auto rows = cost_rows(report);
    const auto some = [&](auto is_known) { return std::ranges::any_of(rows, is_known); };
    const bool has_cores = some([](const CostRow& row) { return row.core_seconds.has_value(); });
    const bool has_network = some([](const CostRow& row) { return row.costs.network_joules.has_value(); });
    std::vector<std::string> heading{"", "SKU", "load", "device-s/1000", "busy"};
    if (has_cores) heading.emplace_back("core-s/1000");
    for (const auto* name : {"USD/1000", "for"}) heading.emplace_back(name);
    if (has_network)
        for (const auto* name : {"network J/1000", "network g/1000"}) heading.emplace_back(name);
    text::TextTable table{heading};
    for (const auto& [rank, device, load, core_seconds, costs] : rows) {
        const auto& summary = report.devices.at(device);
        std::vector<std::string> cells{rank, summary.sku, load, optional_text(costs.device_seconds),
                                       share_text(costs.busy_share)};
        if (has_cores) cells.push_back(optional_text(core_seconds));
        cells.push_back(optional_text(costs.usd));
        cells.push_back(costs.usd ? std::string{name(summary.usd)} : "-");
        if (has_network) {
            const auto band = costs.network_joules ? report.prices.network->band : std::nullopt;
            cells.push_back(banded_text(costs.network_joules, band));
            cells.push_back(
                banded_text(costs.network_grams, grams_band(band, costs.network_joules, costs.network_grams)));
        }
        table.add(std::move(cells));
    }
    return table.text();
}

}  // namespace fedgram::experiments
