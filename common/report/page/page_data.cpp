#include "common/report/page/page_data.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/carbon/emissions/energy_band.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/report/explain/explain.hpp"
#include "common/report/lifecycle/life_basis_json.hpp"
#include "common/report/page/machine_json.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/report/render/render.hpp"
#include "common/report/statement/answer.hpp"
#include "common/report/table/published_ratio.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

// Cumulative, as one draws a training's course. A round whose grams nobody knows makes all later sums unknown.
Json rounds_json(std::span<const run::RoundLine> rounds, const std::string& label)
{
    Json json{{"round", Json::array()},
              {"test_accuracy", Json::array()},
              {"virtual_seconds", Json::array()},
              {"joules", Json::array()},
              {"gco2e", Json::array()}};
    double seconds = 0, joules = 0, grams = 0;
    for (const auto& line : rounds) {
        if (line.training != label) continue;
        seconds += line.virtual_seconds.count();
        const auto& costs = line.costs;
        joules += costs ? (costs->devices + costs->network).count() : NAN;
        grams += costs && costs->emissions ? costs->emissions->count() : NAN;
        json["round"].push_back(line.round);
        json["test_accuracy"].push_back(line.evaluation ? number(line.evaluation->test_accuracy) : Json(nullptr));
        json["virtual_seconds"].push_back(seconds);
        json["joules"].push_back(number(joules));
        json["gco2e"].push_back(number(grams));
    }
    return json;
}

Json participants_json(std::span<const run::RoundLine> rounds, const std::string& label)
{
    Json participants = Json::array();
    for (const auto& line : rounds)
        if (line.training == label) participants.push_back(line.participants);
    return participants;
}

Json holdings_json(const std::map<std::string, Holdings>& all, const std::string& label)
{
    const auto found = all.find(label);
    if (found == all.end()) return nullptr;
    const auto& holdings = found->second;
    return {{"classes", holdings.classes},
            {"nodes", holdings.nodes},
            {"counts", holdings.counts},
            {"left_out", holdings.left_out}};
}

Json node_test_json(const std::optional<run::NodeTest>& test)
{
    if (!test) return nullptr;
    return {{"mean_accuracy", test->mean()},
            {"worst_tenth_accuracy", test->worst_tenth()},
            {"accuracies", test->accuracies()}};
}

Json trainings_json(const PageInputs& inputs)
{
    Json trainings = Json::array();
    for (const auto& record : inputs.run.trainings) {
        const auto& outcome = record.outcome;
        trainings.push_back({{"label", outcome.label},
                             {"kind", run::name(outcome.kind)},
                             {"set_up", record.set_up},
                             {"reached_target", outcome.reached_target ? Json(*outcome.reached_target) : Json(nullptr)},
                             {"diverged", outcome.diverged},
                             {"interrupted", outcome.interrupted},
                             {"test_accuracy", number(outcome.test_accuracy)},
                             {"best_test_accuracy", number(outcome.best_test_accuracy)},
                             {"participants", participants_json(inputs.rounds, outcome.label)},
                             {"rounds", rounds_json(inputs.rounds, outcome.label)},
                             {"holdings", holdings_json(inputs.holdings, outcome.label)},
                             {"node_test", node_test_json(outcome.node_test)}});
    }
    return trainings;
}

Json network_json(const energy::TrainingEnergy& energy, std::uint64_t raw_data_bytes, bool federated,
                  const carbon::Accounting& accounting, const carbon::NetworkModel& network)
{
    const auto by = [&](carbon::NetworkMethod method) {
        const auto up = federated ? energy.bytes_up : accounting.raw_data_upload ? raw_data_bytes : 0;
        return carbon::network_energy(federated ? energy.bytes_down : 0, up, accounting.link, network, method).count();
    };
    return {{"router", by(carbon::NetworkMethod::router)}, {"kwh_per_gb", by(carbon::NetworkMethod::kwh_per_gb)}};
}

// On each node's own link.
Json fleet_network_json(const energy::TrainingEnergy& energy, const carbon::Accounting& accounting,
                        const carbon::NetworkModel& network)
{
    auto by_router = network, by_volume = network;
    by_router.method = carbon::NetworkMethod::router;
    by_volume.method = carbon::NetworkMethod::kwh_per_gb;
    return {{"router", fleet_column(energy, accounting, by_router).network.count()},
            {"kwh_per_gb", fleet_column(energy, accounting, by_volume).network.count()}};
}

// What the devices draw before PUE, as a column counts it.
Joules counted(const energy::TrainingEnergy& energy, bool federated, const carbon::Accounting& accounting)
{
    if (!federated) return energy.train;
    return energy.train + energy.download + energy.upload + (accounting.idle ? energy.idle : Joules{});
}

using PriceWork = std::function<energy::TrainingEnergy(const energy::DeviceProfile&)>;

// How a training's energy follows from a device.
PriceWork price_of(const run::TrainingRecord& record, const carbon::Accounting& accounting)
{
    if (record.outcome.kind == run::TrainingKind::centralized)
        return [&record](const auto& device) { return energy::centralized_course(record.work, device).sum; };
    return [&record, &accounting](const auto& device) {
        return energy::federated_energy(record.work, device, accounting.link);
    };
}

Json end_json(const PageInputs& inputs, const PriceWork& price, const energy::DeviceProfile& device,
              const carbon::NetworkModel& network, bool federated)
{
    const auto& accounting = inputs.table.accounting;
    const auto energy = price(device);
    return {{"device_joules", counted(energy, federated, accounting).count()},
            {"network_joules", network_json(energy, inputs.run.raw_data_bytes, federated, accounting, network)}};
}

Json column_json(const PageInputs& inputs, std::size_t training, const PriceWork& price,
                 const energy::DeviceProfile& device)
{
    const auto& accounting = inputs.table.accounting;
    const bool federated = inputs.run.trainings[training].outcome.kind == run::TrainingKind::federated;
    const auto energy = price(device);
    const auto transfer =
        federated ? accounting.link.download_time(energy.bytes_down) + accounting.link.upload_time(energy.bytes_up)
                  : Seconds{};
    const auto [least, most] = carbon::band_ends({{device}, accounting.network});
    return {
        {"training", training},
        {"device", device.id},
        {"train_joules", energy.train.count()},
        {"download_joules", energy.download.count()},
        {"upload_joules", energy.upload.count()},
        {"idle_joules", energy.idle.count()},
        {"virtual_seconds", energy.virtual_time.count()},
        {"busy_seconds", (energy.busy - transfer).count()},
        {"waiting_seconds", energy.waiting.count()},
        {"transfer_seconds", transfer.count()},
        {"network_joules", network_json(energy, inputs.run.raw_data_bytes, federated, accounting, accounting.network)},
        {"least", end_json(inputs, price, least.devices.front(), least.network, federated)},
        {"most", end_json(inputs, price, most.devices.front(), most.network, federated)}};
}

Json ends_json(const energy::TrainingEnergy& energy, const carbon::Accounting& accounting,
               const carbon::NetworkModel& network)
{
    return {{"device_joules", counted(energy, true, accounting).count()},
            {"network_joules", fleet_network_json(energy, accounting, network)}};
}

// A fleet's column: its devices and places are its own, and can't be chosen.
Json fleet_json(const PageInputs& inputs, std::size_t training, const fleet::Fleet& fleet)
{
    const auto& accounting = inputs.table.accounting;
    const auto& record = inputs.run.trainings[training];
    const energy::FleetTraining priced{record.work, fleet.devices, record.times};
    const auto [least, most] = carbon::band_ends({fleet.devices.devices(), accounting.network});
    const auto course = priced.course(fleet.devices.devices());
    const auto at_least = priced.course(least.devices), at_most = priced.course(most.devices);
    const auto own = std::ranges::find(inputs.table.columns, training, &Column::training);
    auto places = Json::array();
    for (std::size_t i = 0; i < course.groups.size(); ++i) {
        const auto& cell = inputs.table.cell(0, static_cast<std::size_t>(own - inputs.table.columns.begin()));
        places.push_back({{"gco2e_per_kwh", fleet.places[i] ? Json(cell.intensities[i].count()) : Json(nullptr)},
                          {"likely", ends_json(course.groups[i].sum, accounting, accounting.network)},
                          {"least", ends_json(at_least.groups[i].sum, accounting, least.network)},
                          {"most", ends_json(at_most.groups[i].sum, accounting, most.network)}});
    }
    const auto& energy = course.sum;
    const auto transfer = energy.downloading + energy.uploading;
    return {{"training", training},
            {"device", fleet.name()},
            {"train_joules", energy.train.count()},
            {"download_joules", energy.download.count()},
            {"upload_joules", energy.upload.count()},
            {"idle_joules", energy.idle.count()},
            {"virtual_seconds", energy.virtual_time.count()},
            {"busy_seconds", (energy.busy - transfer).count()},
            {"waiting_seconds", energy.waiting.count()},
            {"transfer_seconds", transfer.count()},
            {"network_joules", fleet_network_json(energy, accounting, accounting.network)},
            {"least", ends_json(at_least.sum, accounting, least.network)},
            {"most", ends_json(at_most.sum, accounting, most.network)},
            {"places", std::move(places)}};
}

Json devices_json(std::span<const energy::DeviceProfile> devices, energy::DeviceClass wanted)
{
    Json list = Json::array();
    for (const auto& device : devices)
        if (device.device_class == wanted) list.push_back({{"id", device.id}, {"name", device.name}});
    return list;
}

Json countries_json(const PageInputs& inputs)
{
    Json list = Json::array();
    for (const auto& country : inputs.countries)
        list.push_back({{"iso3", country.iso3},
                        {"name", country.name},
                        {"gco2e_per_kwh", country.intensity.count()},
                        {"year", country.year},
                        {"basis", country.basis},
                        {"source", country.source}});
    return list;
}

Json shown_json(const carbon::Accounting& accounting)
{
    Json shown;
    for (const auto& country : accounting.countries) shown["countries"].push_back(country.iso3);
    for (const auto pue : accounting.pue) shown["pue"].push_back(pue.ratio());
    for (const auto& device : accounting.datacenter_devices) shown["datacenter_devices"].push_back(device.id);
    shown["edge_device"] = accounting.edge_device.id;
    shown["network"] = carbon::name(accounting.network.method);
    shown["idle"] = accounting.idle;
    return shown;
}

Json pricing_json(const PageInputs& inputs)
{
    Json columns = Json::array();
    for (std::size_t i = 0; i < inputs.run.trainings.size(); ++i) {
        const auto& record = inputs.run.trainings[i];
        const auto wanted = record.outcome.kind == run::TrainingKind::federated ? energy::DeviceClass::edge
                                                                                : energy::DeviceClass::datacenter;
        if (const auto& fleet = inputs.table.trainings[i].fleet) {
            columns.push_back(fleet_json(inputs, i, *fleet));
            continue;
        }
        const auto price = price_of(record, inputs.table.accounting);
        for (const auto& device : inputs.devices)
            if (device.device_class == wanted) columns.push_back(column_json(inputs, i, price, device));
    }
    return {{"countries", countries_json(inputs)},
            {"shown", shown_json(inputs.table.accounting)},
            {"datacenter_devices", devices_json(inputs.devices, energy::DeviceClass::datacenter)},
            {"edge_devices", devices_json(inputs.devices, energy::DeviceClass::edge)},
            {"columns", std::move(columns)}};
}

Json published_json(const Table& table)
{
    if (!table.published) return nullptr;
    Json cells = Json::array();
    for (const auto& cell : table.cells) {
        if (!cell.published) continue;
        const auto ratio = published_ratio(table, cell);
        const auto ours = table.result(cell);
        cells.push_back({{"country", table.accounting.countries[cell.country].iso3},
                         {"column", table.columns[cell.column].heading},
                         {"published", *cell.published},
                         {"ours", ours ? Json(ours->count()) : Json(nullptr)},
                         {"ratio", ratio && ratio->whole ? Json(*ratio->whole) : Json(nullptr)}});
    }
    return {{"title", table.published->title}, {"source", table.published->source}, {"cells", std::move(cells)}};
}

Json chains_json(const PageInputs& inputs)
{
    Json chains = Json::object();
    for (const auto& cell : inputs.table.cells)
        chains[inputs.table.accounting.countries[cell.country].iso3 + "|" + inputs.table.columns[cell.column].heading] =
            explain(inputs.table, inputs.run, cell);
    return chains;
}

Json influences_json(const Table& table)
{
    constexpr std::size_t shown = 3;
    Json list = Json::array();
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto& sensitivities = table.columns[j].band.sensitivities;
        const auto grid = table.grid(table.cell(0, j));
        for (std::size_t i = 0; i < std::min(shown, sensitivities.size()); ++i)
            list.push_back({{"column", table.columns[j].heading},
                            {"figure", sensitivities[i].figure},
                            {"from", sensitivities[i].from},
                            {"to", sensitivities[i].to},
                            {"gco2e_from", (sensitivities[i].at_from * grid).count()},
                            {"gco2e_to", (sensitivities[i].at_to * grid).count()}});
    }
    return list;
}

}  // namespace

Json page_data(const PageInputs& inputs)
{
    const auto& table = inputs.table;
    Json json{{"format", 1},
              {"fedgram", inputs.version},
              {"name", table.name},
              {"title", table.title()},
              {"evaluated_on", run::name(table.evaluated_on)},
              {"question", question(table)},
              {"answer", answer(table)},
              {"stop_rule", table.stop_rule},
              {"target_accuracy", table.target ? Json(*table.target) : Json(nullptr)},
              {"seed", inputs.run.seed},
              {"notes", inputs.run.notes},
              {"machine", machine_json(inputs.summary)},
              {"table", Json::parse(render_json(table))},
              {"published", published_json(table)},
              {"trainings", trainings_json(inputs)},
              {"pricing", pricing_json(inputs)},
              {"chains", chains_json(inputs)},
              {"influences", influences_json(table)},
              {"sources", Json::array()}};
    if (inputs.life) {
        json["lifecycle"] = life_bases_json(inputs.life->lives);
        json["lifecycle"]["assumed"] = inputs.life->origin == PlanOrigin::assumed;
    }
    if (!table.reductions.rows.empty()) json["reduction_notes"] = reduction_notes_json(table);
    for (const auto& source : inputs.sources)
        json["sources"].push_back({{"id", source.id}, {"text", source.text}, {"url", nullptr}});
    return json;
}

}  // namespace fedgram::report
