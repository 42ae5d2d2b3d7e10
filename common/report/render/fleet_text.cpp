#include "common/report/render/fleet_text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/report/render/render.hpp"
#include "common/report/render/text_sections.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

/// Of one group in one cell.
struct GroupCell {
    GramsCO2e grams;
    GramsCO2e low;
    GramsCO2e high;
};

GroupCell group_cell(const Table& table, const Cell& cell, std::size_t group)
{
    const auto& column = table.columns[cell.column];
    const auto intensity = cell.intensities[group];
    const auto& band = column.parts[group].band;
    return {column.places[group].energy.operational() * intensity, band.low() * intensity, band.high() * intensity};
}

std::string fleet_section(const Table& table, std::size_t index)
{
    const auto& column = table.columns[index];
    const auto& fleet = *table.fleet(column);
    const auto& cell = table.cell(0, index);
    const auto& accuracies = table.trainings[column.training].group_accuracies;
    text::TextTable grid;
    std::vector<std::string> head{column.heading, "device", "amount",    "place",  "kJ",     "gCO2e",
                                  "low-high",     "busy s", "waiting s", "lost s", "lost kJ"};
    if (!accuracies.empty()) head.push_back("own test sets");
    grid.add(head);
    for (std::size_t i = 0; i < column.parts.size(); ++i) {
        const auto& group = fleet.devices.groups()[i];
        const auto& phases = column.parts[i].phases;
        const auto part = group_cell(table, cell, i);
        std::vector<std::string> row{group.name,
                                     group.device.id,
                                     amount_text(group),
                                     table.place(cell, i).name,
                                     kilojoules(column.places[i].energy.operational()),
                                     text::significant(part.grams.count()),
                                     text::significant(part.low.count()) + "-" + text::significant(part.high.count()),
                                     text::significant(phases.busy.count()),
                                     text::significant(phases.waiting.count()),
                                     text::significant(phases.lost_time.count()),
                                     kilojoules(phases.lost)};
        if (!accuracies.empty()) row.push_back(accuracies[i] ? text::percent(*accuracies[i]) : "none");
        grid.add(row);
    }
    return "\n" + grid.text();
}

// Who took part, and what was waited for and lost.
std::string part_text(const Table& table, const Column& column)
{
    const auto& training = table.trainings[column.training];
    const auto& phases = column.phases;
    return training.outcome.label + ": " + std::to_string(training.never_took_part) + " of " +
           std::to_string(training.nodes) + " nodes never took part; " + std::to_string(training.lost_updates) +
           " updates were lost, " + kilojoules(phases.lost) + " kJ of the devices'; " +
           text::significant(phases.waited.count()) + " of " + text::significant(phases.virtual_time.count()) +
           " virtual seconds passed before rounds could begin.\n";
}

}  // namespace

std::string amount_text(const energy::NodeGroup& group)
{
    return group.number ? std::to_string(*group.number) + " nodes"
                        : text::significant(100 * group.share) + " % of the nodes";
}

std::string fleet_sections(const Table& table)
{
    std::string out;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.fleet(table.columns[i]) != nullptr) out += fleet_section(table, i);
    if (out.empty()) return out;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.fleet(table.columns[i]) != nullptr) out += part_text(table, table.columns[i]);
    const bool tested =
        std::ranges::any_of(table.trainings, [](const auto& training) { return !training.group_accuracies.empty(); });
    return out + "By group, in " + table.accounting.countries.front().name +
           ", network included. Busy, waiting and lost are device seconds; lost is the part of busy whose update was "
           "not used." +
           (tested ? " Own test sets: the mean accuracy of the final model over a group's nodes.\n" : "\n");
}

Json fleet_groups_json(const Table& table, const Cell& cell)
{
    const auto& column = table.columns[cell.column];
    const auto& fleet = *table.fleet(column);
    const auto& accuracies = table.trainings[column.training].group_accuracies;
    auto groups = Json::array();
    for (std::size_t i = 0; i < column.parts.size(); ++i) {
        const auto& group = fleet.devices.groups()[i];
        const auto& phases = column.parts[i].phases;
        const auto& energy = column.places[i].energy;
        const auto part = group_cell(table, cell, i);
        Json json{{"group", group.name}, {"device", group.device.id}};
        if (group.number)
            json["nodes"] = *group.number;
        else
            json["share"] = group.share;
        json["place"] = table.place(cell, i).iso3;
        json["gco2e_per_kwh"] = cell.intensities[i].count();
        json["train_joules"] = phases.train.count();
        json["download_joules"] = phases.download.count();
        json["upload_joules"] = phases.upload.count();
        json["idle_joules"] = phases.idle.count();
        json["device_joules"] = energy.devices.count();
        json["network_joules"] = energy.network.count();
        json["lost_joules"] = phases.lost.count();
        json["busy_seconds"] = phases.busy.count();
        json["waiting_seconds"] = phases.waiting.count();
        json["lost_seconds"] = phases.lost_time.count();
        json["gco2e"] = part.grams.count();
        json["low_gco2e"] = part.low.count();
        json["high_gco2e"] = part.high.count();
        if (!accuracies.empty()) json["node_mean_accuracy"] = accuracies[i] ? Json(*accuracies[i]) : Json(nullptr);
        groups.push_back(std::move(json));
    }
    return groups;
}

}  // namespace fedgram::report
