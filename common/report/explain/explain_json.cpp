#include <optional>
#include <utility>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/network_energy.hpp"
#include "common/report/explain/device_figures.hpp"
#include "common/report/explain/explain.hpp"
#include "common/report/explain/reductions_chain.hpp"
#include "common/report/render/fleet_text.hpp"
#include "common/report/render/grid_json.hpp"
#include "common/report/render/methods_text.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/report/render/set_up.hpp"
#include "common/report/table/not_told_apart.hpp"
#include "common/report/table/work_chain.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

Json work_json(const Column& column, const WorkChain& chain, bool federated)
{
    return {{federated ? "node_rounds" : "intervals", chain.pieces},
            {"samples", chain.work.samples},
            {"steps", chain.work.steps},
            {"flops", chain.work.flops},
            {"memory_bytes", chain.work.memory_bytes},
            {"kernels", chain.work.kernels},
            {"bytes_down", column.phases.bytes_down},
            {"bytes_up", column.phases.bytes_up}};
}

Json time_json(const Table& table, const Column& column, const WorkChain& chain, bool federated)
{
    Json json{{"loading_seconds", chain.loading_time.count()},
              {"launching_seconds", chain.launching_time.count()},
              {"short_kernel_seconds", chain.short_kernels.count()},
              {"full_rate_seconds", chain.full_rate.count()},
              {"waiting_for_host_seconds", chain.waiting.count()},
              {"train_seconds", chain.train().count()},
              {"pieces_bound_by_loading", chain.loading},
              {"pieces_bound_by_launching", chain.launching},
              {"pieces_bound_by_device", chain.pieces - chain.loading - chain.launching},
              {"pieces_with_flops_over_memory", chain.flops_bound}};
    if (!federated) return json;
    const auto& link = table.accounting.link;
    json["download_mbit_s"] = link.download_mbit_s;
    json["download_seconds"] = link.download_time(column.phases.bytes_down).count();
    json["upload_mbit_s"] = link.upload_mbit_s;
    json["upload_seconds"] = link.upload_time(column.phases.bytes_up).count();
    json["idle_seconds"] = column.phases.waiting.count();
    return json;
}

Json energy_json(const Table& table, const Column& column, bool federated)
{
    const auto& phases = column.phases;
    Json json{{"method", column.measured ? column.measured->reading.method : "modelled"},
              {"train_joules", phases.train.count()}};
    if (federated) {
        json["download_joules"] = phases.download.count();
        json["upload_joules"] = phases.upload.count();
        json["idle_joules"] = phases.idle.count();
        json["idle_is_counted"] = table.accounting.idle;
    }
    json["device_joules"] = column.energy.devices.count();
    json["network_method"] = table.accounting.network.method == carbon::NetworkMethod::router ? "router" : "kwh_per_gb";
    json["network_joules"] = column.energy.network.count();
    return json;
}

// Where one of the column's places draws from: `gco2e_per_kwh` is what its energy meets there.
Json place_json(const Table& table, const Cell& cell, std::size_t place)
{
    const auto& drawn = table.columns[cell.column].places[place];
    const auto grid = table.place(cell, place);
    auto json = grid_json(grid);
    json["gco2e_per_kwh"] = cell.intensities[place].count();
    json["device_joules"] = drawn.energy.devices.count();
    json["network_joules"] = drawn.energy.network.count();
    if (!grid.hourly) return json;
    const auto values = grid.hourly->hours.values();
    const auto by_hour = energy_by_hour(drawn.load);
    json["hours"] = Json::array();
    for (std::size_t hour = 0; hour < by_hour.size(); ++hour)
        json["hours"].push_back({{"gco2e_per_kwh", values[hour].count()}, {"joules", by_hour[hour].count()}});
    return json;
}

Json emissions_json(const Table& table, const Cell& cell)
{
    const auto& emissions = cell.emissions;
    const auto or_null = [](std::optional<GramsCO2e> value) { return value ? Json(value->count()) : Json(nullptr); };
    auto places = Json::array();
    for (std::size_t i = 0; i < cell.intensities.size(); ++i) places.push_back(place_json(table, cell, i));
    return {{"gco2e_per_kwh", cell.intensity.count()},
            {"places", std::move(places)},
            {"scope1_gco2e", 0},
            {"scope2_gco2e", emissions.scope2.count()},
            {"network_gco2e", emissions.network.count()},
            {"spent_gco2e", emissions.operational().count()},
            {"low_gco2e", table.low(cell).count()},
            {"high_gco2e", table.high(cell).count()},
            {"embodied_gco2e", or_null(emissions.embodied)}};
}

Json figures_json(const Table& table, const energy::DeviceProfile& device)
{
    Json json;
    for (const auto& [key, member, range, is_rate] : energy::pricing_figures())
        json[std::string{key}] = energy::to_json(device.*member);
    if (device.power_limit_w) json["power_limit_w"] = energy::to_json(*device.power_limit_w);
    json["model_error"] = energy::to_json(device.model_error);
    if (device.embodied_kgco2e) json["embodied_kgco2e"] = energy::to_json(*device.embodied_kgco2e);
    if (device.lifetime_years) json["lifetime_years"] = energy::to_json(*device.lifetime_years);
    const auto& network = table.accounting.network;
    json[std::string{network.figure_key()}] = energy::to_json(network.figure());
    return json;
}

}  // namespace

Json explain_json(const Table& table, const run::RunRecord& run, const Cell& cell)
{
    const auto& column = table.columns[cell.column];
    const auto& outcome = table.outcome(column);
    const bool federated = outcome.kind == run::TrainingKind::federated;
    const auto result = table.result(cell);
    Json json{{"country", table.accounting.countries[cell.country].iso3},
              {"column", column.heading},
              {"title", table.title()},
              {"training", outcome.label},
              {"device", column.device},
              {"device_name", table.device_name(column)},
              {"boundary", table.boundary(column)},
              {"pue", column.pue ? Json(column.pue->ratio()) : Json(nullptr)},
              {"site", site_json(table, column)},
              {"node_places", node_places_json(table)},
              {"reached_target", outcome.reached_target ? Json(*outcome.reached_target) : Json(nullptr)},
              {"test_accuracy", outcome.test_accuracy},
              {"best_test_accuracy", outcome.best_test_accuracy},
              {"gco2e", result ? Json(result->count()) : Json(nullptr)},
              {"notes", run.notes},
              {"not_told_apart_from", alike_columns(table, cell)},
              {"energy", energy_json(table, column, federated)},
              {"emissions", emissions_json(table, cell)}};
    json.update(set_up_json(outcome));
    if (table.methods.find(cell.column) != nullptr) {
        json["methods"] = methods_json(table, cell.column);
        json["methods"]["parameters"] = table.methods.parameters;
    }
    const auto of_training = [&](const auto& row) { return row.training == column.training; };
    if (std::ranges::any_of(table.reductions.rows, of_training)) {
        json["reductions"] = reductions_json(table, column.training);
        for (const auto& device : request_devices(table, column))
            json["reductions"]["figures"][device.device.id()] = request_figures_json(device);
    }
    if (column.measured) {
        json["measured"] = energy::to_json(*column.measured);
        return json;
    }
    if (table.fleet(column) != nullptr) {
        json["groups"] = fleet_groups_json(table, cell);
        for (const auto& device : table.devices(column)) json["figures"][device.id] = figures_json(table, device);
        return json;
    }
    const auto& device = table.device(column);
    const auto chain = work_chain(run.trainings[column.training], device);
    json["execution"] = energy::name(device.execution);
    json["validation"] = device.validation ? energy::to_json(*device.validation) : Json(nullptr);
    json["work"] = work_json(column, chain, federated);
    json["time"] = time_json(table, column, chain, federated);
    json["figures"] = figures_json(table, device);
    return json;
}

}  // namespace fedgram::report
