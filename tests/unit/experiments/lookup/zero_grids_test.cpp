#include "experiments/lookup/zero_grids.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "experiments/lookup/record_lookup.hpp"

using namespace fedgram::experiments;

TEST_CASE("A grid of 0 says why it is, by its source", "[experiments]")
{
    const auto grid = grid_table();
    CHECK_THAT(zero_grid_note(grid.find("CAF")),
               Catch::StartsWith("CAF counts as 0 g/kWh: 0 as published, and no measured zero"));
    CHECK(zero_grid_note(grid.find("FRA")).empty());
    const auto accounting = read_accounting({{"countries", {"FRA", "CAF"}},
                                             {"node_places", {"CAF", nullptr}},
                                             {"datacenter_sites",
                                              {{{"provider", "my"},
                                                {"region", "hall"},
                                                {"location", "here"},
                                                {"iso3", "FRA"},
                                                {"year", 2024},
                                                {"gco2e_per_kwh", 0},
                                                {"basis", "lifecycle"},
                                                {"source", "my contract"},
                                                {"pue", 1.1}}}}});
    const auto notes = zero_grid_notes(accounting);
    REQUIRE(notes.size() == 2);  // once, though the country is a row and a place
    CHECK_THAT(notes[0], Catch::StartsWith("CAF counts as 0 g/kWh: "));
    CHECK(notes[1] == "my:hall counts as 0 g/kWh: 0 as my contract states it");
}

TEST_CASE("Every source of record with a value of 0 gives the reason", "[experiments]")
{
    const auto grid = grid_table();
    for (const auto& row : grid.rows())
        if (row.intensity.count() == 0) {
            INFO(row.iso3 << " " << row.year);
            CHECK(grid_source(row.source).contains("zero"));
        }
}

TEST_CASE("What a source lists of a region and the record leaves out is told", "[experiments]")
{
    CHECK_THAT(left_out_of_region("GCP:northamerica-northeast1").value(), Catch::StartsWith("2021 and 2022"));
    CHECK_FALSE(left_out_of_region("gcp:europe-west1"));
}
