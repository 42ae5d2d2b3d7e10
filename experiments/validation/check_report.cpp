#include "experiments/validation/check_report.hpp"

#include <nlohmann/json.hpp>

#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

void add_compared(std::vector<std::string>& line, const std::optional<Compared>& compared, double unit)
{
    if (!compared) {
        line.insert(line.end(), {"-", "-", "-"});
        return;
    }
    line.push_back(text::significant(compared->measured / unit));
    line.push_back(text::significant(compared->modelled / unit));
    line.push_back(text::fixed(compared->ratio(), 2));
}

std::string pass_text(const MeasuredRow& row)
{
    if (row.inference) return "inference";
    return row.execution == energy::Execution::graph ? "train, graph" : "train";
}

std::string row_table(const DeviceCheck& check, bool ratios)
{
    const double millisecond = ratios ? 1 : 1e-3;
    text::TextTable table{{"row", "network", "pass", "optimizer", "batch", "limit W",
                           ratios ? "seconds, of another's" : "ms, measured", "modelled", "ratio", "W, measured",
                           "modelled", "ratio", "J ratio", "use"}};
    bool any = false;
    for (std::size_t i = 0; i < check.rows.size(); ++i) {
        const auto& [row, seconds, watts, joules] = check.rows[i];
        if (row->seconds_of.has_value() != ratios) continue;
        any = true;
        std::vector<std::string> line{std::to_string(i + 1),
                                      row->network,
                                      pass_text(*row),
                                      row->optimizer.empty() ? "-" : row->optimizer,
                                      std::to_string(row->batch),
                                      row->power_limit_w ? text::shortest(*row->power_limit_w) : "-"};
        add_compared(line, seconds, millisecond);
        add_compared(line, watts, 1);
        line.push_back(joules ? text::fixed(joules->ratio(), 2) : "-");
        line.push_back(std::string{name(row->use)});
        table.add(line);
    }
    return any ? "\n" + table.text() : std::string{};
}

std::string spread_text(const energy::FactorSpread& spread)
{
    return "median " + text::fixed(spread.median, 2) + ", worst " + text::fixed(spread.worst, 2);
}

std::string summary_text(const DeviceCheck& check)
{
    if (!check.validation)
        return "No row is left to check that has seconds and watts and that no figure was fitted to: unvalidated.\n";
    const auto& found = *check.validation;
    return "Over the " + std::to_string(found.rows) + (found.rows == 1 ? " row" : " rows") +
           " that no figure was fitted to, as factors: joules " + spread_text(found.joules) + "; watts " +
           spread_text(found.watts) + "; seconds " + spread_text(found.seconds) + ".\n";
}

Json compared_json(const std::optional<Compared>& compared)
{
    if (!compared) return nullptr;
    return {{"measured", compared->measured}, {"modelled", compared->modelled}, {"ratio", compared->ratio()}};
}

}  // namespace

std::string check_text(const energy::DeviceProfile& profile, const Measurements& measurements, const DeviceCheck& check)
{
    auto out = profile.id + " (" + profile.name + ", " + profile.boundary + "): modelled beside measured on " +
               measurements.device + ", a step\n" + row_table(check, false) + row_table(check, true);
    for (std::size_t i = 0; i < check.rows.size(); ++i) {
        const auto& row = *check.rows[i].row;
        if (row.seconds_of)
            out += "Row " + std::to_string(i + 1) + ": seconds over those of " + *row.seconds_of + ".\n";
        if (!row.note.empty()) out += "Row " + std::to_string(i + 1) + ": " + row.note + ".\n";
    }
    out += "\n" + summary_text(check);
    for (const auto& set : measurements.sets) out += "Measured by: " + set.source + " (" + set.licence + ")\n";
    return out;
}

Json check_json(const energy::DeviceProfile& profile, const Measurements& measurements, const DeviceCheck& check)
{
    Json json{{"device", profile.id}, {"rows", Json::array()}};
    for (const auto& [row, seconds, watts, joules] : check.rows)
        json["rows"].push_back({{"network", row->network},
                                {"pass", row->inference ? "inference" : "train"},
                                {"optimizer", row->optimizer},
                                {"execution", energy::name(row->execution)},
                                {"samples", row->work.samples},
                                {"steps", row->work.steps},
                                {"batch", row->batch},
                                {"power_limit_w", row->power_limit_w ? Json(*row->power_limit_w) : Json(nullptr)},
                                {"kernels", row->work.kernels},
                                {"flops", row->work.flops},
                                {"memory_bytes", row->work.memory_bytes},
                                {"seconds_of", row->seconds_of ? Json(*row->seconds_of) : Json(nullptr)},
                                {"seconds", compared_json(seconds)},
                                {"watts", compared_json(watts)},
                                {"joules", compared_json(joules)},
                                {"use", name(row->use)},
                                {"note", row->note}});
    json["validation"] = check.validation ? energy::to_json(*check.validation) : Json(nullptr);
    for (const auto& set : measurements.sets)
        json["sources"].push_back({{"source", set.source}, {"licence", set.licence}});
    return json;
}

}  // namespace fedgram::experiments
