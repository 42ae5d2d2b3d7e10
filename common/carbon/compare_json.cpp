#include <nlohmann/json.hpp>

#include "common/carbon/compare.hpp"

namespace fedgram::carbon {

namespace {

using Json = nlohmann::ordered_json;

Json run_json(const Table& table, std::size_t country)
{
    return {{"title", table.title()},
            {"gco2e_per_kwh", table.accounting.countries[country].intensity.count()},
            {"grid_source", table.accounting.countries[country].source}};
}

Json cell_json(const Table& table, const Cell& cell)
{
    const auto& outcome = table.outcome(table.columns[cell.column]);
    return {{"reached_target", outcome.reached_target ? Json(*outcome.reached_target) : Json(nullptr)},
            {"spent_gco2e", cell.emissions.operational().count()}};
}

Json compared(const Table& before, const Cell& in_before, const Table& after, const Cell& in_after)
{
    const auto& column = before.columns[in_before.column];
    Json json{{"column", column.heading},
              {"before", cell_json(before, in_before)},
              {"after", cell_json(after, in_after)},
              {"difference_gco2e", (in_after.emissions.operational() - in_before.emissions.operational()).count()},
              {"terms", Json::array()},
              {"drivers", Json::object()}};
    for (const auto& term : difference(before, in_before, after, in_after))
        json["terms"].push_back({{"term", term.name},
                                 {"before_joules", term.before.count()},
                                 {"after_joules", term.after.count()},
                                 {"difference_gco2e", term.difference.count()}});
    for (const auto& driver : drivers(before, column, after, after.columns[in_after.column]))
        json["drivers"][driver.key] = {{"before", driver.before}, {"after", driver.after}};
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

}  // namespace fedgram::carbon
