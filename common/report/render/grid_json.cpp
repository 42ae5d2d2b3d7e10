#include "common/report/render/grid_json.hpp"

#include <nlohmann/json.hpp>

#include "common/text/utc_time.hpp"

namespace fedgram::report {

using Json = nlohmann::ordered_json;

Json grid_json(const carbon::GridIntensity& grid)
{
    Json json{{"country", grid.iso3},
              {"name", grid.name},
              {"gco2e_per_kwh", grid.hourly ? Json(nullptr) : Json(grid.intensity.count())},
              {"hourly_start", grid.hourly ? Json(text::utc_text(grid.hourly->hours.begin())) : Json(nullptr)},
              {"year", grid.year},
              {"basis", grid.basis},
              {"source", grid.source}};
    if (grid.hourly) json.update(carbon::origins_json(grid.hourly->origins));
    return json;
}

Json node_places_json(const Table& table)
{
    auto places = Json::array();
    for (const auto& place : table.accounting.node_places) places.push_back(place ? Json(place->iso3) : Json(nullptr));
    return places;
}

Json site_json(const Table& table, const Column& column)
{
    return column.site ? Json(id_of(table.accounting.datacenter_sites[*column.site])) : Json(nullptr);
}

}  // namespace fedgram::report
