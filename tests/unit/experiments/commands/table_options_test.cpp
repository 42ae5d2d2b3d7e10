#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/run_record.hpp"
#include "experiments/commands/table.hpp"
#include "experiments/lookup/idle_options.hpp"
#include "tests/support/captured_output.hpp"
#include "tests/support/written_run_folder.hpp"

using namespace fedgram;
using carbon::test::RunFolder;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t federated = 2;  // behind the GPU's two columns

// The folder of a run whose accounting lacks the keys for places, as before there were any, and whose trainings have no
// target to miss.
void write_run(const RunFolder& folder)
{
    auto spec = RunFolder::spec();
    spec["accounting"].erase("node_places");
    spec["accounting"].erase("datacenter_sites");
    folder.write("spec.json", spec.dump());
    auto summary = RunFolder::summary();
    for (auto& training : summary["trainings"]) training["reached_target"] = nullptr;
    folder.write("summary.json", summary.dump());
}

// What `fedgram table --format json` prints.
Json printed(const experiments::AssumptionOptions& assumptions, const RunFolder& folder)
{
    const test::CapturedOutput output;
    REQUIRE(experiments::table({.run = folder.path(), .assumptions = assumptions, .format = "json"}) == 0);
    return Json::parse(output.text());
}

}  // namespace

TEST_CASE("a run from before there were places has all nodes in the row's country", "[experiments]")
{
    const RunFolder folder;
    write_run(folder);
    const auto table = printed({}, folder);
    CHECK(table["node_places"].empty());
    CHECK(table["cells"][federated]["gco2e"].get<double>() == Approx(0.04));
}

TEST_CASE("--node-places spreads the nodes, and row is the row's country", "[experiments]")
{
    const RunFolder folder;
    write_run(folder);
    const auto table = printed({.node_places = {"France", "row"}}, folder);
    CHECK(table["node_places"] == Json::parse(R"(["FRA", null])"));
    // 172 J in France at 40.48 g/kWh of record, 188 J at the run's 400.
    CHECK(table["cells"][federated]["gco2e"].get<double>() == Approx((172 * 40.48 + 188 * 400) / 3.6e6));
}

TEST_CASE("--site adds a column with the region's grid and PUE", "[experiments]")
{
    const RunFolder folder;
    write_run(folder);
    const auto cell = printed({.sites = {"aws:eu-west-3"}}, folder)["cells"][2];
    CHECK(cell["site"] == "aws:eu-west-3");
    CHECK(cell["gco2e"].get<double>() == Approx(0.001 * 1.135 * 40.48));
}

TEST_CASE("--hourly takes the place of the run's rows, or stands below --countries", "[experiments]")
{
    const RunFolder folder;
    write_run(folder);
    const experiments::AssumptionOptions hourly{.hourly = {"US-CAL-CISO"}, .from = "2020-09-14T01:00Z"};
    const auto alone = printed(hourly, folder);
    CHECK(alone["cells"].size() == 3);
    CHECK(alone["cells"][0]["country"] == "US-CAL-CISO@2020-09-14T01:00:00Z");
    CHECK(alone["cells"][0]["gco2e_per_kwh"].get<double>() == Approx(314.07));
    auto below = hourly;
    below.countries = {"DEU"};
    CHECK(printed(below, folder)["cells"][3]["country"] == "US-CAL-CISO@2020-09-14T01:00:00Z");
}

TEST_CASE("A file of --hourly is read as the options say, and the table tells what was filled in", "[experiments]")
{
    const RunFolder folder;
    write_run(folder);
    folder.write("mine.csv",
                 "Zeit,g\n2020-09-14 01:00,100\n2020-09-14 03:30,300\n2020-09-14 04:00,500\n"
                 "2020-09-14 04:30,\n2020-09-14 05:00,700\n2020-09-14 05:30,720\n");
    const auto path = (folder.path() / "mine.csv").string();
    const experiments::AssumptionOptions options{
        .hourly = {path, "US-CAL-CISO"},
        .hourly_choice = {.time_column = "Zeit", .value_column = "g", .time_zone = "+01:00", .fill_gaps_h = 2}};
    const auto table = printed(options, folder);
    // By hand, from 01:00 on in steps of half an hour: 100 140 180 220 260 300 500 600 700 720.
    const auto& row = table["accounting"]["countries"][0];
    CHECK(row["start"] == "2020-09-14T00:00:00Z");
    const std::vector<double> hours{120, 200, 280, 550, 710};
    REQUIRE(row["gco2e_per_kwh"].size() == hours.size());
    for (std::size_t hour = 0; hour < hours.size(); ++hour)
        CHECK(row["gco2e_per_kwh"][hour].get<double>() == Approx(hours[hour]));
    CHECK(row["filled"].size() == 4);
    CHECK_FALSE(row.contains("time_zone"));
    // The run's trainings take less than an hour.
    CHECK(table["cells"][0]["country"] == "mine@2020-09-14T00:00:00Z");
    CHECK(table["cells"][0]["gco2e_per_kwh"].get<double>() == Approx(120));
    CHECK(table["cells"][3]["country"] == "US-CAL-CISO@2020-09-14T00:00:00Z");
    const test::CapturedOutput output;
    REQUIRE(experiments::table({.run = folder.path(), .assumptions = options, .format = "text"}) == 0);
    CHECK_THAT(output.text(), Catch::Contains("mine by the hour from 2020-09-14T00:00:00Z (lifecycle, mine.csv, 4 h "
                                              "filled in): each round's energy"));
    const experiments::AssumptionOptions of_record{.hourly = {"US-CAL-CISO"}, .hourly_choice = {.time_zone = "UTC"}};
    CHECK_THROWS_WITH(experiments::table({.run = folder.path(), .assumptions = of_record, .format = "json"}),
                      "accounting.countries[0].hourly: US-CAL-CISO is a series of record; leave out what says how a "
                      "file is read");
}

TEST_CASE("--grid-file beats the run's own rows where it has them", "[experiments]")
{
    const RunFolder folder;
    write_run(folder);
    folder.write("own.csv", "iso3,name,year,gco2e_per_kwh,basis,source\nFRA,France,2026,55,lifecycle,measured\n");
    const auto rows = printed({.grid_file = (folder.path() / "own.csv").string()}, folder)["accounting"]["countries"];
    CHECK(rows[0]["gco2e_per_kwh"] == 400);
    CHECK(rows[1]["gco2e_per_kwh"] == 55);
    CHECK(rows[1]["source"] == "measured, in own.csv");
}

TEST_CASE("An option that changes nothing as given is an error that says what it needs", "[experiments]")
{
    const RunFolder folder;
    write_run(folder);
    const auto error_of = [&](const experiments::AssumptionOptions& assumptions) -> std::string {
        try {
            static_cast<void>(experiments::table({.run = folder.path(), .assumptions = assumptions, .format = "csv"}));
        } catch (const SpecError& error) {
            return error.what();
        }
        return "no error";
    };
    CHECK(error_of({.kwh_per_gb = "0.1"}) ==
          "--kwh-per-gb has no effect while the network counts by its router: add --network kwh_per_gb, or leave it "
          "out");
    CHECK_NOTHROW(printed({.network = "kwh_per_gb", .kwh_per_gb = "0.1"}, folder));
    folder.write("own.csv", "iso3,name,year,gco2e_per_kwh,basis,source\nDEU,Germany,2026,55,lifecycle,measured\n");
    const auto own = (folder.path() / "own.csv").string();
    CHECK(error_of({.grid_file = own}) == "--grid-file: no row and no node is in a country of " + own +
                                              ": name one by --countries or --node-places, or leave it out");
    CHECK_NOTHROW(printed({.countries = {"germany"}, .grid_file = own}, folder));
}

TEST_CASE("An option of trainings that a run hasn't got is an error", "[experiments]")
{
    const RunFolder folder;
    write_run(folder);
    auto record = run::read_run(folder.path());
    const auto idle = [&](const experiments::AssumptionOptions& options) {
        return experiments::idle_options(record, record.accounting, options);
    };
    const experiments::AssumptionOptions of_datacenters{
        .sites = {"aws:eu-west-3"}, .pue = {1.1}, .datacenter_devices = {"v100"}};
    const experiments::AssumptionOptions of_edges{.node_places = {"FRA"}, .edge_device = "phone", .network = "router"};
    CHECK(idle(of_datacenters).empty());
    CHECK(idle(of_edges).empty());
    auto trainings = record.trainings;
    std::erase_if(record.trainings,
                  [](const auto& training) { return training.outcome.kind == run::TrainingKind::centralized; });
    REQUIRE(idle(of_datacenters).size() == 3);
    CHECK(idle(of_datacenters)[1] == "--pue changes centralized trainings alone, and there is none; leave it out");
    CHECK(idle(of_edges).empty());
    record.trainings = trainings;
    std::erase_if(record.trainings,
                  [](const auto& training) { return training.outcome.kind == run::TrainingKind::federated; });
    CHECK(idle(of_datacenters).empty());
    CHECK(idle(of_edges).size() == 3);
}
