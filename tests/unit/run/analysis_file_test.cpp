#include "common/run/analysis_file.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/damaged_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/written_analysis.hpp"

using namespace fedgram;
using namespace fedgram::test;

TEST_CASE("An analysis is read as its file has it, and bears its folder's name", "[run]")
{
    const TemporaryFolder folder;
    write_analysis(folder / "t4");
    const auto analysis = run::read_analysis(folder / "t4");
    CHECK(analysis.name == "t4");
    CHECK(analysis.model == "small-cnn");
    CHECK(analysis.devices == std::vector<std::string>{"t4", "a100"});
    CHECK(analysis.goal == "maximizing throughput; p99 latency at most 15.0 ms");
    CHECK(analysis.sentence == "In 2 measurements across 2 configurations, float32 is the best.");
    CHECK(analysis.notes == std::vector<std::string>{"t4: watts enclose the card."});
    CHECK(*analysis.json == analysis_document());

    REQUIRE(analysis.best.size() == 1);
    const auto& best = analysis.best.front();
    CHECK(best.words == "float32 with 1 instance and batches of at most 8");
    CHECK(best.device == "t4");
    CHECK(best.load == "64 clients");
    CHECK(best.throughput_per_s == 1230);
    CHECK(best.p99_ms == 12.5);
    CHECK(best.requests == 1000);
    CHECK(best.memory_bytes == 6e6);
    CHECK_FALSE(best.accuracy);
    CHECK(best.costs.joules == 8.8);
    CHECK(best.costs.grams == 0.25);
    CHECK(best.costs.idle_share == 0.5);
    CHECK_FALSE(best.costs.core_seconds);
    CHECK_FALSE(best.costs.usd);
    CHECK(best.keeps_constraints);
    REQUIRE(best.loads.size() == 1);
    CHECK(best.loads.front().load == "at capacity");
    CHECK(best.loads.front().requests_per_s == 1500);
    CHECK_FALSE(best.loads.front().p99_ms);
    CHECK(best.loads.front().keeps_constraints == false);
    CHECK_FALSE(best.loads.front().requests);

    REQUIRE(analysis.by_default);
    CHECK(analysis.by_default->p99_ms == 128);
    CHECK_FALSE(analysis.by_default->keeps_constraints);
    CHECK(analysis.by_default->loads.empty());
}

TEST_CASE("What costs are known of an analysis, a load of requests a second, and nothing that could be run", "[run]")
{
    const TemporaryFolder folder;
    auto document = analysis_document();
    document["best"][0]["usd_per_1000"] = 0.0125;
    document["best"][0]["core_seconds_per_1000"] = 1.5;
    document["country"] = "FRA";
    document["grid_gco2e_per_kwh"] = 40.48;
    document["best"][0].erase("concurrency");
    document["best"][0]["rate_per_s"] = 0.5;
    document["best"][0]["what a later version adds"] = 1;
    document["default"]["concurrency"] = 100000.0;
    document["best"][0]["loads"][0]["requests"] = 450;
    document["best"][0]["loads"][0]["keeps_constraints"] = nullptr;
    write_analysis(folder / "t4", document);
    const auto analysis = run::read_analysis(folder / "t4");
    CHECK(analysis.best.front().costs.usd == 0.0125);
    CHECK(analysis.best.front().costs.core_seconds == 1.5);
    CHECK(analysis.best.front().load == "0.5/s");
    CHECK(analysis.grid == run::AnalyzedGrid{"FRA", 40.48});
    CHECK(analysis.best.front().loads.front().requests == 450);
    CHECK_FALSE(analysis.best.front().loads.front().keeps_constraints);  // too few for a p99
    REQUIRE(analysis.by_default);
    CHECK(analysis.by_default->load == "100000 clients");

    document["best"] = nlohmann::ordered_json::array();
    document["default"] = nullptr;
    write_analysis(folder / "t4", document);
    CHECK(run::read_analysis(folder / "t4").best.empty());
    CHECK_FALSE(run::read_analysis(folder / "t4").by_default);
}

TEST_CASE("A damaged analysis is refused in one line by file and key", "[run]")
{
    const TemporaryFolder folder;
    const auto refused = [&](auto change, const std::string& line) {
        auto document = analysis_document();
        change(document);
        write_analysis(folder / "t4", document);
        CHECK_THROWS_AS(run::read_analysis(folder / "t4"), DataError);
        CHECK_THROWS_WITH(run::read_analysis(folder / "t4"),
                          (folder / "t4" / "analysis.json").string() + ": analysis" + line);
    };
    using Json = nlohmann::ordered_json;
    refused([](Json& json) { json.erase("goal"); }, ".goal: missing; add it");
    refused([](Json& json) { json["devices"] = {"t4", 4}; }, ".devices: [\"t4\",4] is not valid; use a list of texts");
    refused([](Json& json) { json["best"][0]["throughput_per_s"] = -1; },
            ".best[0].throughput_per_s: -1 is not valid; use a number of at least 0");
    refused([](Json& json) { json["best"][0]["loads"][0]["idle_share"] = 1.5; },
            ".best[0].loads[0].idle_share: 1.5 is not valid; use a number from 0 to 1");
    refused([](Json& json) { json["best"][0]["curve"][1].erase("p99_ms"); },
            ".best[0].curve[1].p99_ms: missing; add it");
    refused([](Json& json) { json["best"][0]["curve"][1].erase("concurrency"); },
            ".best[0].curve[1].concurrency: missing; add it");
    refused([](Json& json) { json["constraints"][0]["at_most"] = nullptr; },
            ".constraints[0].at_most: null is not valid; use a number above 0");
    refused([](Json& json) { json["default"]["stable"] = "yes"; },
            ".default.stable: \"yes\" is not valid; use true or false");
    refused([](Json& json) { json = Json::array(); }, ": [] is not valid; use an object");

    auto document = analysis_document();
    document["format"] = 2;
    write_analysis(folder / "t4", document);
    CHECK_THROWS_AS(run::read_analysis(folder / "t4"), run::NewerFormat);
    write_file(folder / "t4" / "analysis.json", "{");
    CHECK_THROWS_AS(run::read_analysis(folder / "t4"), DataError);
}

TEST_CASE("Analyses are found beneath their run, whole or not yet, and read where they are whole", "[run]")
{
    const TemporaryFolder run;
    CHECK(run::analysis_folders(run / "analyses").empty());
    write_analysis(run / "analyses/b");
    write_analysis(run / "analyses/a");
    std::filesystem::create_directories(run / "analyses/unfinished");
    write_file(run / "analyses/unfinished/measurements.jsonl", "");
    std::filesystem::create_directories(run / "analyses/other");
    write_file(run / "analyses/file", "");
    CHECK(run::analysis_folders(run / "analyses") ==
          std::vector{run / "analyses/a", run / "analyses/b", run / "analyses/unfinished"});
    CHECK_FALSE(run::is_whole_analysis(run / "analyses/unfinished"));
    const auto analyses = run::read_analyses(run.path());
    REQUIRE(analyses.size() == 2);
    CHECK(analyses[0].name == "a");
    CHECK(analyses[1].name == "b");
}
