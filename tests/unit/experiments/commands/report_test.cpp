#include "experiments/commands/report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "experiments/commands/command_line.hpp"
#include "tests/support/captured_output.hpp"
#include "tests/support/written_analysis.hpp"
#include "tests/support/written_run_folder.hpp"

using namespace fedgram;
using Catch::Matchers::Contains;
using fedgram::carbon::test::RunFolder;

namespace {

std::string reported(const experiments::ReportOptions& options)
{
    const fedgram::test::CapturedOutput output;
    CHECK(experiments::report(options) == 0);
    return output.text();
}

}  // namespace

TEST_CASE("Several runs are reported with their sum, statements over the whole ones' seeds, and each by itself")
{
    const RunFolder first{1};
    const RunFolder second{2};
    const RunFolder crashed{3};
    crashed.remove("summary.json");
    const std::vector runs{first.path(), second.path(), crashed.path()};

    const auto text = reported({.runs = runs});
    CHECK_THAT(text, Contains("Seeds used: 1, 2, 3. "));
    CHECK_THAT(text, Contains("\nStatements on " + first.path().string() + ", " + second.path().string() +
                              "; United States\n"));
    CHECK_THAT(text, Contains("in 2 runs with the seeds 1, 2, is estimated to emit"));
    CHECK_THAT(text, Contains("\n" + second.path().string() + "\ngCO2e to train sample"));

    const auto json = nlohmann::json::parse(reported({.runs = runs, .json = true}));
    CHECK(json["budget"]["runs"][2]["state"] == "unfinished");
    REQUIRE(json["statements"].size() == 3);
    CHECK(json["statements"][2]["runs"] == nlohmann::json{first.path().string(), second.path().string()});
    CHECK(json["statements"][2]["seeds"] == nlohmann::json{1, 2});
    REQUIRE(json["reports"].size() == 2);
    CHECK(json["reports"][1]["run"] == second.path().string());
    CHECK(json["reports"][1]["columns"].size() == 3);
}

TEST_CASE("Runs that differ in more than the seed have statements of their own")
{
    const RunFolder first{1};
    const RunFolder other{2};
    auto spec = RunFolder::spec(2);
    spec["target_accuracy"] = 0.8;
    other.write("spec.json", spec.dump());
    const auto json = nlohmann::json::parse(reported({.runs = {first.path(), other.path()}, .json = true}));
    REQUIRE(json["statements"].size() == 6);
    CHECK(json["statements"][0]["seeds"] == nlohmann::json::array({1}));
    CHECK(json["statements"][3]["seeds"] == nlohmann::json::array({2}));
}

TEST_CASE("Several runs make one page, of which one at least is whole")
{
    const RunFolder first{1};
    const RunFolder second{2};
    const RunFolder crashed{3};
    crashed.remove("summary.json");
    for (const auto* run : {&first, &second}) run->write("rounds.jsonl", "");
    const auto file = crashed.path() / "page.html";
    CHECK(reported({.runs = {first.path(), second.path(), crashed.path()}, .html = file}).empty());
    const auto page = files::read_file(file);
    CHECK_THAT(page, Catch::StartsWith("<!DOCTYPE html>"));
    CHECK_THAT(page, Contains("\"runs\":[\"" + first.path().string() + "\",\"" + second.path().string() + "\"]"));

    const auto refused = [](const std::vector<std::filesystem::path>& runs, const std::filesystem::path& html) {
        std::ignore = experiments::report({.runs = runs, .html = html});
    };
    CHECK_THROWS_WITH(refused({crashed.path(), first.path()}, first.path() / "spec.json"),
                      Contains("spec.json is there and no page"));
    second.remove("summary.json");
    CHECK_THROWS_WITH(refused({crashed.path(), second.path()}, file), Contains("none of these runs is whole"));
}

TEST_CASE("The report of a run has its analyses, in text, as JSON and on its page")
{
    const RunFolder run;
    run.write("rounds.jsonl", "");
    CHECK_THAT(reported({.runs = {run.path()}}), !Contains("\nServing"));
    CHECK(nlohmann::json::parse(reported({.runs = {run.path()}, .json = true}))["serving"].empty());

    fedgram::test::write_analysis(run.path() / "analyses/t4");
    CHECK_THAT(reported({.runs = {run.path()}}),
               Contains("\nServing, as `fedgram analyze` found\nt4: small-cnn on t4, a100; maximizing throughput; "));
    const auto json = nlohmann::json::parse(reported({.runs = {run.path()}, .json = true}));
    REQUIRE(json["serving"].size() == 1);
    CHECK(json["serving"][0]["analysis"] == "t4");
    CHECK(json["serving"][0]["best"][0]["throughput_per_s"] == 1230);
    const auto file = run.path() / "page.html";
    CHECK(reported({.runs = {run.path()}, .html = file}).empty());
    CHECK_THAT(files::read_file(file), Contains("\"serving\":[{\"analysis\":\"t4\",\"format\":1,"));

    const RunFolder other{2};
    const auto both = nlohmann::json::parse(reported({.runs = {run.path(), other.path()}, .json = true}));
    CHECK(both["reports"][0]["serving"].size() == 1);
    CHECK(both["reports"][1]["serving"].empty());

    run.write("analyses/t4/analysis.json", "{}");
    CHECK_THROWS_AS(experiments::report({.runs = {run.path()}}), DataError);
}

TEST_CASE("A seed that stands twice is no second result of its setting")
{
    const RunFolder first{1};
    const RunFolder again{1};
    const auto json = nlohmann::json::parse(reported({.runs = {first.path(), again.path()}, .json = true}));
    CHECK(json["seeds"].empty());
    CHECK(json["statements"].size() == 6);
}

TEST_CASE("Two runs of one specification and seed aren't compared on a page, nor is what is there and no page read")
{
    const RunFolder first{1};
    const RunFolder second{2};
    const RunFolder copy{1};
    const auto page = [&](const std::filesystem::path& html) {
        std::ignore = experiments::report({.runs = {first.path(), second.path(), copy.path()}, .html = html});
    };
    CHECK_THROWS_WITH(page(first.path() / "page.html"),
                      Contains(first.path().string() + " and " + copy.path().string() +
                               " are runs of one specification and one seed, 1"));
    CHECK_FALSE(std::filesystem::exists(first.path() / "page.html"));
    CHECK_THROWS_WITH(page("/dev/zero"), Contains("is there and no page"));
}

TEST_CASE("One run is reported by itself")
{
    const RunFolder folder{4};
    CHECK(nlohmann::json::parse(reported({.runs = {folder.path()}, .json = true}))["seed"] == 4);
    CHECK_THAT(reported({.runs = {folder.path()}, .model_card = "FRA/gpu, PUE 1.5"}), Contains("emissions: 0.06"));
}

TEST_CASE("Folders may follow a list of places, which is one word", "[experiments]")
{
    const RunFolder first{1};
    const RunFolder second{2};
    const auto a = first.path().string();
    const auto b = second.path().string();
    const std::vector<const char*> words{"fedgram", "report",  "--node-places", "FRA,row",
                                         a.c_str(), b.c_str(), "--json"};
    const auto command = experiments::parse_command_line(static_cast<int>(words.size()), words.data());
    const fedgram::test::CapturedOutput output;
    REQUIRE((*command)() == 0);
    const auto json = nlohmann::json::parse(output.text());
    REQUIRE(json["reports"].size() == 2);
    CHECK(json["reports"][1]["node_places"] == nlohmann::json{"FRA", nullptr});
}

TEST_CASE("A folder that is no run, or is named twice, is an error that names it")
{
    const RunFolder folder;
    const auto missing = folder.path() / "missing";
    CHECK_THROWS_WITH(experiments::report({.runs = {folder.path(), missing}}),
                      Contains(missing.string() + " is no run folder"));
    CHECK_THROWS_WITH(experiments::report({.runs = {folder.path(), folder.path() / "."}}), Contains("named twice"));
    CHECK_THROWS_WITH(experiments::report({.runs = {folder.path(), missing}, .model_card = "USA/fl"}),
                      Contains("--model-card"));
}
