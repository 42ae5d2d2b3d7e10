#include "experiments/commands/grid.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "tests/support/captured_output.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using Json = nlohmann::ordered_json;

namespace {

std::string printed(const experiments::GridOptions& options)
{
    const test::CapturedOutput output;
    REQUIRE(experiments::grid(options) == 0);
    return output.text();
}

}  // namespace

TEST_CASE("The best start by a file tells its basis, its source and what isn't as it was measured", "[experiments]")
{
    const test::TemporaryFolder folder;
    test::write_file(folder / "SE.csv",
                     "Datetime (UTC),Carbon Intensity gCO₂eq/kWh (direct),Carbon Intensity gCO₂eq/kWh (LCA)\n"
                     "2024-01-01 00:00:00,10,30\n2024-01-01 01:00:00,,\n2024-01-01 02:00:00,20,10\n");
    experiments::GridOptions options;
    options.hourly.series = (folder / "SE.csv").string();
    options.hourly.duration_h = 1;
    options.hourly.choice.fill_gaps_h = 1;
    const auto text = printed(options);
    CHECK_THAT(text, Catch::Contains("\nseries: lifecycle, 3 h from 2024-01-01T00:00:00Z, 1 h filled in\n"));
    CHECK_THAT(text, Catch::Contains("\nsource: SE.csv of Electricity Maps\n"));
    options.json = true;
    const auto lifecycle = Json::parse(printed(options));
    CHECK(lifecycle["best"]["start_utc"] == "2024-01-01T02:00:00Z");
    CHECK(lifecycle["basis"] == "lifecycle");
    CHECK(lifecycle["source"] == "SE.csv of Electricity Maps");
    CHECK(lifecycle["filled_hours"] == 1);
    CHECK(lifecycle["forecast_hours"] == 0);
    options.region.basis = "direct";
    const auto direct = Json::parse(printed(options));
    CHECK(direct["best"]["start_utc"] == "2024-01-01T00:00:00Z");
    CHECK(direct["basis"] == "direct");
}

TEST_CASE("The best start by a series of record credits it", "[experiments]")
{
    experiments::GridOptions options;
    options.hourly.series = "US-CAL-CISO";
    options.hourly.duration_h = 6;
    CHECK_THAT(printed(options), Catch::Contains("\nseries: lifecycle, 336 h from 2020-09-14T00:00:00Z\nsource: U.S. "
                                                 "Energy Information Administration"));
    options.json = true;
    CHECK_THAT(Json::parse(printed(options))["attribution"].get<std::string>(), Catch::StartsWith("U.S. Energy"));
}

TEST_CASE("A basis without a region or a series is refused", "[experiments]")
{
    experiments::GridOptions options;
    options.country = "FRA";
    options.region.basis = "direct";
    CHECK_THROWS_WITH(experiments::grid(options), "--basis: is for --region and --hourly; leave it out");
}
