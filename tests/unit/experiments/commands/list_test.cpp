#include "experiments/commands/list.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/carbon/grid/hourly_grid.hpp"
#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"
#include "experiments/commands/table.hpp"
#include "tests/support/captured_output.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/written_run_folder.hpp"

using namespace fedgram;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Json = nlohmann::ordered_json;
using carbon::test::RunFolder;

namespace {

// As a whole specification: `list` counts its trainings.
Json resolved_spec()
{
    auto json = RunFolder::spec();
    json["model"] = "small-cnn";
    json["data"] = {{"dataset", "fashion-mnist"}};
    json["trainings"] = {{{"label", "central"}, {"kind", "centralized"}}, {{"label", "fl"}, {"kind", "federated"}}};
    json.erase("title_note");
    return json;
}

// `spec` with a row by the hour that has one hour, and a ledger whose centralized training takes 5400 s.
void outlast_the_series(const std::filesystem::path& run, Json spec)
{
    const auto grid = carbon::hourly_grid(
        {{"CAL", carbon::HourlySeries{*text::parse_utc("2024-05-01T06:00:00Z"), {GramsPerKilowattHour{300}}}},
         "lifecycle",
         "eia"});
    spec["accounting"]["countries"] = Json::array({carbon::to_json(grid)});
    auto lines = carbon::test::centralized_lines();
    lines.front().work.flops = 5'400'000'000'000;
    std::filesystem::create_directory(run);
    test::write_file(run / "spec.json", spec.dump());
    test::write_file(run / "summary.json", RunFolder::summary().dump());
    auto ledger = run::to_json_line(lines.front()) + "\n";
    for (const auto& line : carbon::test::federated_lines()) ledger += run::to_json_line(line) + "\n";
    test::write_file(run / "ledger.jsonl", ledger);
}

}  // namespace

TEST_CASE("A run whose table can't be made is listed with what is known, and why", "[experiments]")
{
    const test::TemporaryFolder runs;
    outlast_the_series(runs / "short", resolved_spec());
    const auto why = "gpu, PUE 1.5: CAL: the series has 1 h from 2024-05-01T06:00:00Z on and the training needs 2";
    {
        const test::CapturedOutput output;
        CHECK(experiments::list({.folder = runs.path(), .json = true}) == 0);
        const auto run = Json::parse(output.text())[0];
        CHECK(run["state"] == "whole");
        CHECK_THAT(run["error"].get<std::string>(), Contains(why));
        CHECK(run["trainings"][0]["test_accuracy"] == 0.901);
        CHECK(run["trainings"][0]["gco2e"].is_null());
    }
    const test::CapturedOutput output;
    CHECK(experiments::list({.folder = runs.path(), .sort = "co2"}) == 0);
    CHECK_THAT(output.text(), Contains("central") && Contains(std::string{"\nshort: "} + why));
}

TEST_CASE("A run that was written before formats had versions is listed", "[experiments]")
{
    const test::CapturedOutput output;
    CHECK(experiments::list({.folder = fedgram::test::source_folder() / "tests/unit/run", .json = true}) == 0);
    const auto runs = Json::parse(output.text());
    REQUIRE(runs.size() == 1);
    CHECK(runs[0]["run"] == "fixture_v1");
    CHECK(runs[0]["state"] == "whole");
    CHECK(runs[0]["country"] == "FRA");
    CHECK(runs[0]["trainings"][1]["label"] == "iid");
    CHECK(runs[0]["trainings"][1]["reached_target"] == false);
    // As the table of that run has it: spent so far, FRA 0.0000538 g.
    CHECK(runs[0]["trainings"][1]["gco2e"].get<double>() == Approx(5.28137e-05));
}

TEST_CASE("A damaged run is a line of its own, and why stands beneath", "[experiments]")
{
    const test::TemporaryFolder runs;
    std::filesystem::create_directory(runs / "broken");
    test::write_file(runs / "broken" / "spec.json", resolved_spec().dump());
    test::write_file(runs / "broken" / "summary.json", "{");
    const test::CapturedOutput output;
    CHECK(experiments::list({.folder = runs.path()}) == 0);
    CHECK_THAT(output.text(), Contains("damaged") && Contains("\nbroken: ") && Contains("summary.json:1:"));
}

TEST_CASE("A table that can't be made after training is an error that names the command to make it by", "[experiments]")
{
    const test::TemporaryFolder runs;
    outlast_the_series(runs / "short", RunFolder::spec());
    CHECK_THROWS_WITH(experiments::write_tables(runs / "short"),
                      Contains("results kept, but they give no table: gpu, PUE 1.5: CAL: the series has 1 h") &&
                          EndsWith("make it by `fedgram table " + (runs / "short").string() +
                                   "` with other --countries, --hourly, --from, --node-places or --fleet"));
    CHECK_THROWS_AS(experiments::write_tables(runs / "short"), SpecError);
    CHECK_FALSE(std::filesystem::exists(runs / "short" / "table.txt"));
}
