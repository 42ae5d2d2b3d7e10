#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "common/report/render/fleet_text.hpp"
#include "common/report/render/grid_json.hpp"
#include "common/report/render/methods_text.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/report/render/render.hpp"
#include "common/report/render/set_up.hpp"
#include "common/report/table/not_told_apart.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

Json grams(std::optional<GramsCO2e> value) { return value ? Json(value->count()) : Json(nullptr); }

Json pue_json(const Column& column) { return column.pue ? Json(column.pue->ratio()) : Json(nullptr); }

Json reached_json(const run::TrainingOutcome& outcome)
{
    return outcome.reached_target ? Json(*outcome.reached_target) : Json(nullptr);
}

Json cell_json(const Table& table, const Cell& cell)
{
    const auto& column = table.columns[cell.column];
    const auto& outcome = table.outcome(column);
    const auto& emissions = cell.emissions;
    const bool missed = outcome.missed_target();
    const auto result = [&](std::optional<GramsCO2e> value) { return grams(missed ? std::nullopt : value); };
    Json json;
    json["country"] = table.accounting.countries[cell.country].iso3;
    json["training"] = outcome.label;
    json["device"] = column.device;
    json["pue"] = pue_json(column);
    json["site"] = site_json(table, column);
    json["column"] = column.heading;
    json["reached_target"] = reached_json(outcome);
    json["scope2_gco2e"] = result(emissions.scope2);
    json["network_gco2e"] = result(emissions.network);
    json["gco2e"] = result(emissions.operational());
    json["gco2e_per_kwh"] = cell.intensity.count();
    json["low_gco2e"] = result(table.low(cell));
    json["high_gco2e"] = result(table.high(cell));
    json["not_told_apart_from"] = alike_columns(table, cell);
    json["embodied_gco2e"] = result(emissions.embodied);
    json["total_gco2e"] = result(emissions.total());
    if (column.measured) json["measured"] = true;
    if (table.fleet(column) != nullptr) json["groups"] = fleet_groups_json(table, cell);
    if (cell.published) json["published"] = *cell.published;
    if (outcome.diverged) json["diverged"] = true;
    if (outcome.interrupted) json["interrupted"] = true;
    if (missed) {
        json["spent_gco2e"] = emissions.operational().count();
        json["spent_low_gco2e"] = table.low(cell).count();
        json["spent_high_gco2e"] = table.high(cell).count();
        json["best_test_accuracy"] = outcome.best_test_accuracy;
    }
    return json;
}

Json sensitivities_json(const carbon::EnergyBand& band)
{
    Json list = Json::array();
    for (const auto& sensitivity : band.sensitivities)
        list.push_back({{"figure", sensitivity.figure},
                        {"from", sensitivity.from},
                        {"to", sensitivity.to},
                        {"joules_at_from", sensitivity.at_from.count()},
                        {"joules_at_to", sensitivity.at_to.count()}});
    return list;
}

Json column_json(const Table& table, const Column& column)
{
    const auto& phases = column.phases;
    return {{"column", column.heading},
            {"training", table.outcome(column).label},
            {"device", column.device},
            {"pue", pue_json(column)},
            {"train_joules", phases.train.count()},
            {"download_joules", phases.download.count()},
            {"upload_joules", phases.upload.count()},
            {"idle_joules", phases.idle.count()},
            {"device_joules", column.energy.devices.count()},
            {"network_joules", column.energy.network.count()},
            {"network_joules_by_the_other_method", column.energy.network_otherwise.count()},
            {"low_joules", column.band.low().count()},
            {"high_joules", column.band.high().count()},
            {"influences", sensitivities_json(column.band)},
            {"device_seconds", column.energy.device_time.count()},
            {"virtual_seconds", phases.virtual_time.count()},
            {"bytes_down", phases.bytes_down},
            {"bytes_up", phases.bytes_up}};
}

// With what a fleet alone has.
Json column_json_with_losses(const Table& table, const Column& column)
{
    auto json = column_json(table, column);
    if (table.fleet(column) == nullptr) return json;
    json["lost_joules"] = column.phases.lost.count();
    json["lost_device_seconds"] = column.phases.lost_time.count();
    json["waited_virtual_seconds"] = column.phases.waited.count();
    return json;
}

Json ratio_json(const Table& table, const ColumnPair& pair)
{
    return {{"column", table.columns[pair.first].heading},
            {"over", table.columns[pair.second].heading},
            {"ratio", pair.ratio.likely},
            {"low", pair.ratio.low},
            {"high", pair.ratio.high}};
}

Json training_json(const Table& table, const TableTraining& training)
{
    Json coordinator{{"device", table.accounting.datacenter_devices.front().id},
                     {"pue", table.accounting.pue.front().ratio()},
                     {"joules", training.coordinator.count()},
                     {"gco2e", Json::object()}};
    for (std::size_t i = 0; i < table.accounting.countries.size(); ++i)
        coordinator["gco2e"][table.accounting.countries[i].iso3] = training.coordinator_emissions[i].count();
    const auto& outcome = training.outcome;
    Json json{{"label", outcome.label},
              {"kind", outcome.kind == run::TrainingKind::federated ? "federated" : "centralized"},
              {"reached_target", reached_json(outcome)},
              {"test_accuracy", outcome.test_accuracy},
              {"best_test_accuracy", outcome.best_test_accuracy},
              {"rounds", outcome.rounds},
              {"evaluation_and_aggregation", coordinator}};
    if (training.fleet)
        json["fleet"] = {{"nodes", training.nodes},
                         {"never_took_part", training.never_took_part},
                         {"lost_updates", training.lost_updates}};
    json.update(set_up_json(outcome));
    if (const auto& test = outcome.node_test)
        json["node_test"] = {{"nodes", test->accuracies().size()},
                             {"mean_accuracy", test->mean()},
                             {"worst_tenth_accuracy", test->worst_tenth()}};
    return json;
}

}  // namespace

std::string render_json(const Table& table)
{
    Json json;
    json["name"] = table.name;
    json["title"] = table.title();
    json["title_note"] = table.title_note;
    json["target_accuracy"] = table.target ? Json(*table.target) : Json(nullptr);
    json["stop_rule"] = table.stop_rule;
    json["node_places"] = node_places_json(table);
    json["cells"] = Json::array();
    for (const auto& cell : table.cells) json["cells"].push_back(cell_json(table, cell));
    json["columns"] = Json::array();
    for (const auto& column : table.columns) json["columns"].push_back(column_json_with_losses(table, column));
    json["energy_ratios"] = Json::array();
    for (const auto& pair : table.pairs) json["energy_ratios"].push_back(ratio_json(table, pair));
    if (!table.measured.empty()) json["measured"] = Json::array();
    for (const auto& beside : table.measured) json["measured"].push_back(to_json(beside));
    json["trainings"] = Json::array();
    for (const auto& training : table.trainings) json["trainings"].push_back(training_json(table, training));
    if (!table.methods.rows.empty()) json["methods"] = methods_json(table);
    if (!table.reductions.rows.empty()) json["reductions"] = reductions_json(table);
    json["accounting"] = to_json(table.accounting);
    return json.dump(2) + "\n";
}

}  // namespace fedgram::report
