#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "experiments/commands/command_line.hpp"

using namespace fedgram;

namespace {

std::string error_of(std::vector<const char*> words)
{
    words.insert(words.begin(), "fedgram");
    try {
        const auto command = experiments::parse_command_line(static_cast<int>(words.size()), words.data());
        return command ? "no error" : "help";
    } catch (const SpecError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("the command lines of the manual are understood", "[experiments]")
{
    CHECK(error_of({"run", "table4", "--out", "x", "--data-dir", "d", "--set", "a=1", "--set", "b=[1,2]",
                    "--client-processes", "3", "--json"}) == "no error");
    CHECK(error_of({"run", "--set", "a=1", "table4"}) == "no error");
    CHECK(error_of({"reproduce", "table4", "--quick", "--out", "x", "--client-processes", "1"}) == "no error");
    CHECK(error_of({"table", "dir", "--countries", "USA,CHN", "--pue", "1.67,1.11", "--datacenter-device", "v100,k80",
                    "--edge-device", "jetson-tx2", "--network", "kwh_per_gb", "--format", "json"}) == "no error");
    CHECK(error_of({"table", "dir", "--site", "aws:eu-west-3,gcp:us-west1", "--site", "aws:eu-west-1", "--node-places",
                    "FRA,CHN,row", "--grid-file", "my-grid.csv"}) == "no error");
    CHECK(error_of({"table", "dir", "--hourly", "US-CAL-CISO", "--from", "2020-09-14T06:00Z"}) == "no error");
    CHECK(error_of({"explain", "dir", "--node-places", "FRA,row", "USA/noniid", "--site", "aws:eu-west-3"}) ==
          "no error");
    CHECK(error_of({"compare", "--hourly", "US-CAL-CISO", "a", "b", "--grid-file", "my-grid.csv"}) == "no error");
    CHECK(error_of({"table", "dir", "--countries", "DEU", "FRA,", "UK", "--pue", "1.1", "1.5", "--format", "md"}) ==
          "no error");
    CHECK(error_of({"report", "dir", "other", "--countries", "DEU", "FRA"}) == "no error");
    CHECK(error_of({"init"}) == "no error");
    CHECK(error_of({"init", "my.json"}) == "no error");
    CHECK(error_of({"load", "127.0.0.1:7100", "--concurrency", "16"}) == "no error");
    CHECK(error_of({"load", "127.0.0.1:7100", "--rate", "500", "--poisson", "--seconds", "30", "--deadline-ms",
                    "20"}) == "no error");
    CHECK(error_of({"load", "127.0.0.1:7100", "--run", "dir", "--requests", "10000", "--json"}) == "no error");
    CHECK(error_of({"completion", "bash"}) == "no error");
    CHECK(error_of({"man"}) == "no error");
    CHECK(error_of({"man", "run"}) == "no error");
    CHECK(error_of({"man", "--out", "dir"}) == "no error");
    CHECK(error_of({"grid", "FRA", "--year", "2019", "--json"}) == "no error");
    CHECK(error_of({"grid", "--region", "gcp:europe-west1", "--basis", "direct", "--json"}) == "no error");
    CHECK(error_of({"grid", "NLD", "--grid-file", "my-grid.csv"}) == "no error");
    CHECK(error_of({"grid", "--regions", "aws"}) == "no error");
    CHECK(error_of({"grid", "--hourly", "--duration", "6", "--from", "2020-09-14T06:00Z"}) == "no error");
    CHECK(error_of({"grid", "--hourly", "tomorrow.csv", "--duration", "6"}) == "no error");
    CHECK(error_of({"grid", "--hourly", "mine.csv", "--duration", "6", "--time-column", "t", "--value-column", "g",
                    "--time-zone", "+01:00", "--fill-gaps", "3", "--basis", "direct", "--forecast"}) == "no error");
    CHECK(error_of({"table", "dir", "--hourly", "mine.csv,its.csv", "--time-column", "t", "--value-column", "g",
                    "--time-zone", "-0330", "--fill-gaps", "0.5", "--basis", "lifecycle", "--forecast"}) == "no error");
    CHECK(error_of({"calibrate", "--id", "mine"}) == "no error");
    CHECK(error_of({"calibrate", "--id", "mine", "--train-w", "6", "--idle-w", "2", "--boundary", "board"}) ==
          "no error");
    CHECK(error_of({"list"}) == "no error");
    CHECK(error_of({"explain", "dir", "FRA/noniid", "--json"}) == "no error");
    CHECK(error_of({"compare", "dir", "other", "--countries", "DEU", "--json"}) == "no error");
    CHECK(error_of({"report", "dir", "other", "third", "--json", "--countries", "DEU"}) == "no error");
}

TEST_CASE("a command line that isn't understood is one line that names what is wrong", "[experiments]")
{
    CHECK_THAT(error_of({"run", "table4", "--colour"}), Catch::Contains("--colour"));
    CHECK_THAT(error_of({"completion", "tcsh"}), Catch::Contains("bash"));
    CHECK_THAT(error_of({"man", "run", "--out", "dir"}), Catch::Contains("excludes"));
    CHECK_THAT(error_of({"fly"}), Catch::Contains("fedgram --help"));
    CHECK_THAT(error_of({}), Catch::Contains("subcommand"));
    CHECK_THAT(error_of({"grid", "FRA", "--region", "gcp:europe-west1"}), Catch::Contains("excludes"));
    CHECK_THAT(error_of({"grid", "FRA", "--duration", "6"}), Catch::Contains("--hourly"));
    CHECK_THAT(error_of({"table", "dir", "--from", "2020-09-14T06:00Z"}), Catch::Contains("--hourly"));
    CHECK_THAT(error_of({"grid", "FRA", "--time-zone", "UTC"}), Catch::Contains("--hourly"));
    CHECK_THAT(error_of({"table", "dir", "--basis", "direct"}), Catch::Contains("--hourly"));
    CHECK_THAT(error_of({"table", "dir", "--hourly", "a.csv", "--fill-gaps", "200"}), Catch::Contains("--fill-gaps"));
    CHECK_THAT(error_of({"grid", "--hourly", "--year", "2020"}), Catch::Contains("excludes"));
    CHECK_THAT(error_of({"grid", "--regions", "aws", "--year", "2020"}), Catch::Contains("excludes"));
    CHECK_THAT(error_of({"explain", "dir", "USA/fl", "--figures", "--json"}), Catch::Contains("excludes"));
    CHECK_THAT(error_of({"report", "dir", "--model-card", "USA/fl", "--json"}), Catch::Contains("excludes"));
    CHECK_THAT(error_of({"sweep", "x", "--out", "y", "--jobs", "0"}), Catch::Contains("--jobs"));
    CHECK_THAT(error_of({"calibrate", "--id", "mine", "--boundary", "board"}), Catch::Contains("--train-w"));
    for (const auto& error : {error_of({"run"}), error_of({"fly"}), error_of({})})
        CHECK(error.find('\n') == std::string::npos);
}

TEST_CASE("an empty path is refused by its option, in every command", "[experiments]")
{
    CHECK(error_of({"run", "tiny", "--out", ""}) == "--out: is empty; give a path; see fedgram --help");
    CHECK(error_of({"run", "--resume", ""}) == "--resume: is empty; give a path; see fedgram --help");
    CHECK(error_of({"resolve", "tiny", "--data-dir", ""}) == "--data-dir: is empty; give a path; see fedgram --help");
    CHECK(error_of({"table", ""}) == "run: is empty; give a path; see fedgram --help");
}

TEST_CASE("an empty number or text, or no item of a list, is refused by its option, in every command", "[experiments]")
{
    const auto empty = [](const std::string& option) {
        return option + ": is empty; give a value or leave it out; see fedgram --help";
    };
    for (const std::string option : {"--max-p99-ms", "--rate", "--pue", "--country"})
        CHECK(error_of({"analyze", "resnet-50", "--device", "t4", option.c_str(), ""}) == empty(option));
    for (const std::string option : {"--connections", "--seed", "--deadline-ms"})
        CHECK(error_of({"load", "127.0.0.1:1", option.c_str(), ""}) == empty(option));
    CHECK_THAT(error_of({"table", "dir", "--countries", ""}), Catch::StartsWith("--countries: "));
    CHECK(error_of({"run", "tiny", "--set", ""}) == empty("--set"));
    CHECK(error_of({"run", "tiny", "--set", "name="}) == "no error");
    CHECK(error_of({"grid", "--hourly", "--duration", "6"}) == "no error");
}
