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
#include "tests/support/written_analysis.hpp"
#include "tests/support/written_run_folder.hpp"

using namespace fedgram;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
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

std::string listed(const experiments::ListOptions& options)
{
    const test::CapturedOutput output;
    CHECK(experiments::list(options) == 0);
    return output.text();
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
        const auto run = Json::parse(output.text())["runs"][0];
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
    const auto runs = Json::parse(output.text())["runs"];
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

TEST_CASE("Analyses are listed beneath the runs, those of runs and the folder's own", "[experiments]")
{
    const test::TemporaryFolder folder;
    std::filesystem::copy(test::source_folder() / "tests/unit/run/fixture_v1", folder / "mine",
                          std::filesystem::copy_options::recursive);
    test::write_analysis(folder / "mine/analyses/t4");
    test::write_analysis(folder / "alone");
    std::filesystem::create_directories(folder / "mine/analyses/begun");
    test::write_file(folder / "mine/analyses/begun/measurements.jsonl", "");

    const auto text = listed({.folder = folder.path()});
    CHECK(text.find("\nmine ") < text.find("\n\nanalysis "));
    CHECK_THAT(
        text,
        Contains("small-cnn  maximizing throughput; p99 latency at most 15.0 ms        -  float32 with 1 instance "
                 "and batches of at most 8 on t4       1230    12.5       6.00            -    8.80   "
                 "0.250         -  kept\n") &&
            Contains("\nmine/t4 ") && Contains("\nmine/begun ") && Contains("  unfinished  -  "));

    const auto analyses = Json::parse(listed({.folder = folder.path(), .json = true}))["analyses"];
    REQUIRE(analyses.size() == 3);
    CHECK(analyses[0]["analysis"] == "alone");
    CHECK(analyses[0]["run"].is_null());
    CHECK(analyses[1]["analysis"] == "begun");
    CHECK(analyses[1]["state"] == "unfinished");
    CHECK(analyses[2]["run"] == "mine");
    CHECK(analyses[2]["state"] == "whole");
    CHECK(analyses[2]["goal"] == "maximizing throughput; p99 latency at most 15.0 ms");
    const auto& best = analyses[2]["best"];
    CHECK(best["device"] == "t4");
    CHECK(best["throughput_per_s"] == 1230);
    CHECK(best["p99_ms"] == 12.5);
    CHECK(best["memory_bytes"] == 6e6);
    CHECK(best["joules_per_1000"] == 8.8);
    CHECK(best["gco2e_per_1000"] == 0.25);
    CHECK(best["usd_per_1000"].is_null());
    CHECK(best["keeps_constraints"] == true);

    CHECK_THAT(listed({.folder = folder / "mine/analyses"}), StartsWith("analysis ") && !Contains("no runs"));
    CHECK(listed({.folder = folder / "alone"}) == "no runs in " + (folder / "alone").string() + "\n");
}

TEST_CASE("Analyses are sorted by what their best configuration takes, the most first", "[experiments]")
{
    const test::TemporaryFolder folder;
    const auto write = [&](const std::string& name, double joules, double grams, double usd, double p99) {
        auto document = test::analysis_document();
        auto& best = document["best"][0];
        best["joules_per_1000"] = joules;
        best["gco2e_per_1000"] = grams;
        best["usd_per_1000"] = usd;
        best["p99_ms"] = p99;
        test::write_analysis(folder / name, document);
    };
    write("a", 1, 4, 3, 2);
    write("b", 2, 1, 4, 3);
    write("c", 3, 2, 1, 4);
    auto none = test::analysis_document();
    none["best"] = Json::array();
    test::write_analysis(folder / "0-none", none);
    const auto order = [&](const std::string& sort) {
        std::string names;
        const auto list = Json::parse(listed({.folder = folder.path(), .sort = sort, .json = true}));
        CHECK(list["trainings"].empty());
        for (const auto& analysis : list["analyses"]) names += analysis["analysis"].get<std::string>() + " ";
        return names;
    };
    CHECK(order("energy") == "c b a 0-none ");
    CHECK(order("co2") == "a c b 0-none ");
    CHECK(order("cost") == "b a c 0-none ");
    CHECK(order("time") == "c b a 0-none ");
}

TEST_CASE("A damaged analysis is a line of its own, and why stands beneath", "[experiments]")
{
    const test::TemporaryFolder folder;
    auto document = test::analysis_document();
    document["best"][0].erase("p99_ms");
    test::write_analysis(folder / "mine/analyses/t4", document);
    CHECK_THAT(listed({.folder = folder.path()}),
               Contains("damaged") && Contains("\nmine/t4: ") &&
                   EndsWith("analysis.json: analysis.best[0].p99_ms: missing; add it\n"));
    CHECK(Json::parse(listed({.folder = folder.path(), .json = true}))["analyses"][0]["state"] == "damaged");

    const test::CapturedOutput output;
    CHECK_THROWS_AS(experiments::list({.folder = folder.path(), .verify = true}), DataError);
    test::write_analysis(folder / "mine/analyses/t4");
    CHECK(experiments::list({.folder = folder.path(), .verify = true}) == 0);
    test::write_file(folder / "mine/analyses/t4/measurements.jsonl", "{\"format\":1}\n");
    CHECK(experiments::list({.folder = folder.path()}) == 0);
    CHECK_THROWS_WITH(experiments::list({.folder = folder.path(), .verify = true}),
                      Contains("measurements.jsonl:1: the line is damaged or not in its place"));
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
