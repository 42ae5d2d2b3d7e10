#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/accounting.hpp"

namespace fedgram::carbon {

using Json = nlohmann::ordered_json;

Json to_json(const Accounting& accounting)
{
    Json json;
    json["countries"] = Json::array();
    for (const auto& country : accounting.countries) json["countries"].push_back(to_json(country));
    json["node_places"] = Json::array();
    for (const auto& place : accounting.node_places)
        json["node_places"].push_back(place ? to_json(*place) : Json(nullptr));
    json["pue"] = Json::array();
    for (const auto pue : accounting.pue) json["pue"].push_back(pue.ratio());
    json["datacenter_sites"] = Json::array();
    for (const auto& site : accounting.datacenter_sites) json["datacenter_sites"].push_back(to_json(site));
    json["datacenter_devices"] = Json::array();
    for (const auto& device : accounting.datacenter_devices)
        json["datacenter_devices"].push_back(energy::to_json(device));
    json["edge_device"] = energy::to_json(accounting.edge_device);
    json["execution"] = energy::name(accounting.execution);
    json["link"] = {{"download_mbit_s", accounting.link.download_mbit_s},
                    {"upload_mbit_s", accounting.link.upload_mbit_s}};
    json["network"] = {{"method", name(accounting.network.method)},
                       {"router_w", energy::to_json(accounting.network.router_w)},
                       {"kwh_per_gb", energy::to_json(accounting.network.kwh_per_gb)}};
    json["energy_usd_per_kwh"] = energy::to_json(accounting.energy_usd_per_kwh);
    json["idle"] = accounting.idle;
    json["raw_data_upload"] = accounting.raw_data_upload;
    if (!accounting.inference.is_default()) {
        auto& inference = json["inference"];
        for (const auto& device : accounting.inference.devices) inference["devices"].push_back(energy::to_json(device));
        inference["per_second"] = accounting.inference.per_second;
        for (const auto& record : accounting.inference.serving) inference["serving"].push_back(energy::to_json(record));
    }
    json["published"] = accounting.published ? Json(*accounting.published) : Json(nullptr);
    return json;
}

}  // namespace fedgram::carbon
