// Questions that are asked of runs that are there: no coordinator, no client.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/command.hpp"
#include "tests/support/places.hpp"

using namespace fedgram::test;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

const std::string table4 = (source_folder() / "results/reference/table4").string();

Outcome ask(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), {"ask", table4});
    return run("fedgram", arguments);
}

json answer(std::vector<std::string> arguments)
{
    arguments.emplace_back("--json");
    const auto outcome = ask(std::move(arguments));
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return json::parse(outcome.out);
}

/// The ratio of the table's federated to its first centralized column where options change it.
double ratio_of_table(std::vector<std::string> options)
{
    options.insert(options.begin(), {"table", table4, "--countries", "USA", "--format", "json"});
    const auto table = json::parse(run("fedgram", options).out);
    double centralized = 0;
    for (const auto& cell : table.at("cells")) {
        if (centralized == 0) centralized = cell.at("gco2e");
        if (cell.at("training") == "federated-iid") return cell.at("gco2e").get<double>() / centralized;
    }
    return 0;
}

}  // namespace

// The oracle is `fedgram table` at the value that is found.
TEST_CASE("At its break-even a federated training emits what the centralized one does", "[integration]")
{
    const auto pue = answer({"--break-even", "pue"});
    if (const auto& likely = pue.at("break_even").at("likely"); likely.is_number())
        CHECK(ratio_of_table({"--pue", std::to_string(likely.get<double>())}) == Approx(1).epsilon(1e-5));
    else
        CHECK((ratio_of_table({"--pue", "1"}) > 1) == (ratio_of_table({"--pue", "10"}) > 1));
    CHECK(pue.at("ratio_at_present").at("likely") == Approx(ratio_of_table({})));

    // By hand: grams go with the nodes' grid, so that it is the row's over the ratio.
    const auto grid = answer({"--break-even", "grid"});
    const auto usa = json::parse(run("fedgram", {"grid", "USA", "--json"}).out);
    CHECK(grid.at("break_even").at("likely").get<double>() ==
          Approx(usa.at("gco2e_per_kwh").get<double>() / ratio_of_table({})).epsilon(1e-4));
    CHECK(grid.at("break_even").at("greener") == "below");

    const auto devices = answer({"--break-even", "device"}).at("devices");
    CHECK(devices.size() > 3);
    CHECK_THAT(ask({"--break-even", "link"}).out, Contains("Mbit/s"));
}

TEST_CASE("The greenest training gets to the accuracy for the fewest grams", "[integration]")
{
    const auto greenest = answer({"--greenest", "--min-accuracy", "0.85"});
    const auto& first = greenest.at("standings").at(0);
    for (const auto& standing : greenest.at("standings"))
        CHECK(first.at("gco2e").at("mean") <= standing.at("gco2e").at("mean"));
    CHECK(greenest.at("evaluated_on") == "test");
    CHECK_THAT(ask({"--greenest", "--min-accuracy", "0.85"}).out, Contains("This chooses by the test set"));
    const auto accurate = answer({"--most-accurate", "--max-grams", "1000"});
    CHECK(accurate.at("standings").at(0).at("accuracy").at("mean") >= 0.9);
}

TEST_CASE("A question that isn't whole is refused", "[integration]")
{
    const auto refuse = [](const std::vector<std::string>& arguments, const std::string& why) {
        const auto refused = ask(arguments);
        CHECK(refused.exit_code == 2);
        CHECK(refused.out.empty());
        CHECK(refused.err == "fedgram: " + why + "\n");
    };
    refuse({}, "ask: give one of --greenest, --most-accurate and --break-even");
    refuse({"--greenest"}, "--greenest: give --min-accuracy, which trainings must get to, such as 0.89");
    refuse({"--greenest", "--min-accuracy", "89"}, "--min-accuracy: 89 is not valid; use a number between 0 and 1");
    refuse({"--most-accurate", "--max-grams", "0"}, "--max-grams: 0 is not valid; use a number above 0");
    refuse({"--break-even", "alpha"},
           "--break-even alpha: use pue, grid, link or device of a run; other keys are of a "
           "sweep, and " +
               table4 + " is none");
    refuse({"--greenest", "--min-accuracy", "0.8", "--training", "x"}, table4 + ": no training has the label x");
}
