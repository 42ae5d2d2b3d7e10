#include <optional>

#include <nlohmann/json.hpp>

#include "common/report/compare/compare.hpp"
#include "common/report/render/grid_json.hpp"
#include "common/report/table/ratio.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

Json run_json(const Table& table, std::size_t country)
{
    return {{"title", table.title()},
            {"grid", grid_json(table.accounting.countries[country])},
            {"node_places", node_places_json(table)}};
}

Json ratio_json(double after, double before)
{
    const auto value = ratio(after, before);
    return value ? Json(*value) : Json(nullptr);
}

Json cell_json(const Table& table, const Cell& cell)
{
    const auto& outcome = table.outcome(table.columns[cell.column]);
    return {{"reached_target", outcome.reached_target ? Json(*outcome.reached_target) : Json(nullptr)},
            {"spent_gco2e", cell.emissions.operational().count()},
            {"low_gco2e", table.low(cell).count()},
            {"high_gco2e", table.high(cell).count()}};
}

Json compared(const Table& before, const Cell& in_before, const Table& after, const Cell& in_after)
{
    const auto first = in_before.emissions.operational();
    const auto second = in_after.emissions.operational();
    Json json{{"column", before.columns[in_before.column].heading},
              {"site", site_json(before, before.columns[in_before.column])},
              {"before", cell_json(before, in_before)},
              {"after", cell_json(after, in_after)},
              {"difference_gco2e", (second - first).count()},
              {"ratio", ratio_json(second.count(), first.count())},
              {"terms", Json::array()},
              {"drivers", Json::object()},
              {"set_up", Json::object()}};
    for (const auto& term : difference(before, in_before, after, in_after))
        json["terms"].push_back({{"term", term.name},
                                 {"before_joules", term.before.count()},
                                 {"after_joules", term.after.count()},
                                 {"difference_gco2e", term.difference.count()}});
    for (const auto& driver : drivers(before, in_before, after, in_after))
        json["drivers"][driver.key] = {
            {"before", driver.before}, {"after", driver.after}, {"ratio", ratio_json(driver.after, driver.before)}};
    for (const auto& each : set_up_differences(before.outcome(before.columns[in_before.column]),
                                               after.outcome(after.columns[in_after.column])))
        json["set_up"][each.key] = {{"before", each.before}, {"after", each.after}};
    return json;
}

}  // namespace

Json compare_json(const Table& before, const Table& after)
{
    const auto common = common_cells(before, after);
    Json json{{"country", before.accounting.countries[common.country_before].iso3},
              {"before", run_json(before, common.country_before)},
              {"after", run_json(after, common.country_after)},
              {"columns", Json::array()}};
    for (const auto& [in_before, in_after] : common.cells)
        json["columns"].push_back(compared(before, in_before, after, in_after));
    return json;
}

}  // namespace fedgram::report
