#include "common/report/table/published.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::report;
using Json = nlohmann::ordered_json;

namespace {

// Table 4 of Qiu et al. 2020 as far as it is legible, with the intensities of Brander et al. 2011.
Json table4()
{
    return Json::parse(R"({
      "id": "table4", "title": "Table 4", "source": "Qiu et al. 2020", "unit": "gCO2e", "note": "one decimal",
      "columns": [
        {"training": "centralized", "device": "v100", "pue": 1.67},
        {"training": "centralized", "device": "k80", "pue": 1.67},
        {"training": "centralized", "device": "v100", "pue": 1.11},
        {"training": "centralized", "device": "k80", "pue": 1.11},
        {"training": "federated-iid", "device": null, "pue": null},
        {"training": "federated-noniid", "device": null, "pue": null}],
      "rows": [
        {"country": "USA", "cells": [1.6, null, 1.1, 3.5, 0.5, 1.0]},
        {"country": "CHN", "cells": [2.9, 9.2, 1.9, 6.2, 0.9, 1.7]},
        {"country": "FRA", "cells": [0.2, 0.8, 0.2, 0.5, 0.1, 0.1]}],
      "implied_grid": {"standing": "inferred", "source": "Brander et al. 2011",
        "gco2e_per_kwh": {"USA": 547.1, "CHN": 974.62, "FRA": 70.93}}})");
}

}  // namespace

TEST_CASE("A published cell is found by country, training, device and PUE")
{
    const auto table = parse_published_table(table4(), "table4.json");
    CHECK(table.find("CHN", "centralized", "k80", 1.67) == 9.2);
    CHECK(table.find("USA", "federated-noniid", "jetson-tx2", std::nullopt) == 1.0);
    CHECK(table.find("USA", "centralized", "k80", 1.67) == std::nullopt);   // not legible
    CHECK(table.find("USA", "centralized", "h200", 1.67) == std::nullopt);  // not in the table
    CHECK(table.find("DEU", "centralized", "v100", 1.67) == std::nullopt);
    CHECK(table.find("USA", "federated-iid", "jetson-tx2", 1.11) == std::nullopt);
}

TEST_CASE("The published table recomputed from its own cells agrees within a tenth of a gram")
{
    const auto table = parse_published_table(table4(), "table4.json");
    const auto recomputed = recompute(table);
    for (const auto& row : recomputed.rows)
        for (const auto& cell : row) CHECK_FALSE(cell.off);
    // K80 at 1.67: China's 9.2 and France's 0.8 contradict each other, so the least squares fit:
    // (9.2 x 974.62 + 0.8 x 70.93) / (974.62^2 + 70.93^2) = 0.0094492 kWh; x 547.1 = 5.17 g in the USA.
    CHECK(recomputed.energy[1].count() == Approx(0.0094492 * 3.6e6).epsilon(1e-4));
    CHECK(recomputed.rows[0][1].grams == Approx(5.2));
    // V100 at 1.67: 2.85/974.62 = 0.0029242 and 1.65/547.1 = 0.0030159 bound it; their middle.
    CHECK(recomputed.energy[0].count() == Approx(0.00297005 * 3.6e6).epsilon(1e-4));
}

TEST_CASE("A cell that its own row and column contradict is marked")
{
    auto json = table4();
    json["rows"][2]["cells"][0] = 0.9;  // France, V100: should be near 0.2
    const auto recomputed = recompute(parse_published_table(json, "table4.json"));
    CHECK(recomputed.rows[2][0].off);
    CHECK_FALSE(recomputed.rows[1][0].off);
}

TEST_CASE("A column without a legible cell has no recomputed one")
{
    auto json = table4();
    for (auto& row : json["rows"]) row["cells"][1] = nullptr;
    CHECK_FALSE(recompute(parse_published_table(json, "table4.json")).rows[0][1].grams.has_value());
}

TEST_CASE("A damaged published table is a data error by file and key")
{
    auto json = table4();
    json["rows"][0]["cells"].erase(0);
    CHECK_THROWS_AS(parse_published_table(json, "table4.json"), DataError);
    json = table4();
    json["implied_grid"]["gco2e_per_kwh"].erase("FRA");
    CHECK_THROWS_WITH(parse_published_table(json, "table4.json"),
                      "table4.json: table.implied_grid.gco2e_per_kwh.FRA: missing; add it");
}
