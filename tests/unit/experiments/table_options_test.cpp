#include <iostream>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "experiments/table.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/carbon/sample.hpp"

using namespace fedgram;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t federated = 2;  // behind the GPU's two columns

// The folder of a run, its accounting without the keys for places, as before there were any.
void write_run(const test::TemporaryFolder& folder)
{
    auto accounting = carbon::to_json(carbon::test::accounting());
    accounting.erase("node_places");
    accounting.erase("datacenter_sites");
    const Json spec{{"name", "sample"},
                    {"seed", 1},
                    {"stop", {{"evaluations_in_a_row", 1}}},
                    {"model", {{"name", "small-cnn"}}},
                    {"data", {{"dataset", "fashion-mnist"}}},
                    {"accounting", accounting}};
    Json summary{{"raw_data_bytes", 0}, {"trainings", Json::array()}};
    for (const auto& [label, kind] : {std::pair{"central", "centralized"}, std::pair{"fl", "federated"}})
        summary["trainings"].push_back({{"label", label},
                                        {"kind", kind},
                                        {"reached_target", nullptr},
                                        {"test_accuracy", 0.9},
                                        {"best_test_accuracy", 0.9},
                                        {"rounds", 1},
                                        {"host_cpu_seconds", 1},
                                        {"host_wall_seconds", 1}});
    std::string ledger;
    for (const auto& lines : {carbon::test::centralized_lines(), carbon::test::federated_lines()})
        for (const auto& line : lines) ledger += energy::to_json_line(line) + "\n";
    test::write_file(folder / "spec.json", spec.dump());
    test::write_file(folder / "summary.json", summary.dump());
    test::write_file(folder / "ledger.jsonl", ledger);
}

// Standard output for as long as the object lives.
class Capture {
public:
    Capture() : terminal_{std::cout.rdbuf(out_.rdbuf())} {}
    ~Capture() { std::cout.rdbuf(terminal_); }
    Capture(const Capture&) = delete;
    Capture& operator=(const Capture&) = delete;

    [[nodiscard]] std::string text() const { return out_.str(); }

private:
    std::ostringstream out_;
    std::streambuf* terminal_;
};

// What `fedgram table --format json` prints.
Json printed(experiments::TableOptions options, const test::TemporaryFolder& folder)
{
    options.run = folder.path();
    options.format = "json";
    const Capture capture;
    REQUIRE(experiments::table(options) == 0);
    return Json::parse(capture.text());
}

}  // namespace

TEST_CASE("a run from before there were places has all nodes in the row's country", "[experiments]")
{
    const test::TemporaryFolder folder;
    write_run(folder);
    const auto table = printed({}, folder);
    CHECK(table["node_places"].empty());
    CHECK(table["cells"][federated]["gco2e"].get<double>() == Approx(0.04));
}

TEST_CASE("--node-places spreads the nodes, and row is the row's country", "[experiments]")
{
    const test::TemporaryFolder folder;
    write_run(folder);
    const auto table = printed({.node_places = {"France", "row"}}, folder);
    CHECK(table["node_places"] == Json::parse(R"(["FRA", null])"));
    // 172 J in France at 40.48 g/kWh of record, 188 J at the run's 400.
    CHECK(table["cells"][federated]["gco2e"].get<double>() == Approx((172 * 40.48 + 188 * 400) / 3.6e6));
}

TEST_CASE("--site adds a column with the region's grid and PUE", "[experiments]")
{
    const test::TemporaryFolder folder;
    write_run(folder);
    const auto cell = printed({.sites = {"aws:eu-west-3"}}, folder)["cells"][2];
    CHECK(cell["site"] == "aws:eu-west-3");
    CHECK(cell["gco2e"].get<double>() == Approx(0.001 * 1.135 * 40.48));
}

TEST_CASE("--hourly takes the place of the run's rows, or stands below --countries", "[experiments]")
{
    const test::TemporaryFolder folder;
    write_run(folder);
    const experiments::TableOptions hourly{.hourly = {"US-CAL-CISO"}, .from = "2020-09-14T01:00Z"};
    const auto alone = printed(hourly, folder);
    CHECK(alone["cells"].size() == 3);
    CHECK(alone["cells"][0]["country"] == "US-CAL-CISO@2020-09-14T01:00:00Z");
    CHECK(alone["cells"][0]["gco2e_per_kwh"].get<double>() == Approx(314.07));
    auto below = hourly;
    below.countries = {"DEU"};
    CHECK(printed(below, folder)["cells"][3]["country"] == "US-CAL-CISO@2020-09-14T01:00:00Z");
}

TEST_CASE("--grid-file beats the run's own rows where it has them", "[experiments]")
{
    const test::TemporaryFolder folder;
    write_run(folder);
    test::write_file(folder / "own.csv",
                     "iso3,name,year,gco2e_per_kwh,basis,source\nFRA,France,2026,55,lifecycle,measured\n");
    const auto rows = printed({.grid_file = (folder / "own.csv").string()}, folder)["accounting"]["countries"];
    CHECK(rows[0]["gco2e_per_kwh"] == 400);
    CHECK(rows[1]["gco2e_per_kwh"] == 55);
    CHECK(rows[1]["source"] == "measured, in own.csv");
}
