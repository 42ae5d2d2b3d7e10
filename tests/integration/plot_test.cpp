// Figures of a published run, by the program itself.

#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/command.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

const std::string table4 = source_folder() / "results/reference/table4";

Outcome plot(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), "plot");
    return run("fedgram", arguments);
}

/// The last number of the row above which the rows of `name` end, `from_end` columns from its end.
double last_value(const std::string& csv, const std::string& name, std::size_t from_end)
{
    std::istringstream lines{csv};
    std::string found;
    for (std::string line; std::getline(lines, line);)
        if (line.find(",\"" + name + "\",") != std::string::npos) found = line;
    INFO(name);
    REQUIRE_FALSE(found.empty());
    for (; from_end > 0; --from_end) found.resize(found.rfind(','));
    return std::stod(found.substr(found.rfind(',') + 1));
}

}  // namespace

TEST_CASE("Every figure that is listed can be drawn in every format and width, with its numbers beside it",
          "[integration]")
{
    const TemporaryFolder folder;
    for (const auto& kind : json::parse(plot({"--list", "--json"}).out)) {
        const std::string name = kind.at("name");
        INFO(name);
        for (const std::string width : {"one", "two"})
            for (const std::string ending : {"svg", "pdf", "png"}) {
                const auto out = folder / (name + "-" + width + "." + ending);
                const auto outcome = plot({table4, "--figure", name, "--width", width, "--out", out});
                INFO(outcome.err);
                REQUIRE(outcome.exit_code == 0);
                const auto bytes = read_file(out);
                if (ending == "svg") CHECK_THAT(bytes, Catch::StartsWith("<?xml ") && Catch::EndsWith("</svg>\n"));
                if (ending == "pdf") CHECK_THAT(bytes, Catch::StartsWith("%PDF-"));
                if (ending == "png") CHECK_THAT(bytes, Catch::StartsWith("\x89PNG\r\n"));
            }
        CHECK_THAT(read_file(folder / (name + "-one.csv")), Catch::StartsWith("run,name,missed,"));
    }
}

TEST_CASE("A curve of grams ends at the cell of the table, under any assumptions", "[integration]")
{
    const TemporaryFolder folder;
    const std::vector<std::vector<std::string>> all{
        {}, {"--countries", "POL", "SWE", "--pue", "1.3"}, {"--node-places", "FRA,CHN,row", "--network", "kwh_per_gb"}};
    for (const auto& assumptions : all) {
        std::vector<std::string> arguments{table4, "--figure", "accuracy-vs-gco2e", "--out", folder / "f.svg"};
        arguments.insert(arguments.end(), assumptions.begin(), assumptions.end());
        REQUIRE(plot(arguments).exit_code == 0);
        std::vector<std::string> of_table{"table", table4, "--format", "json"};
        of_table.insert(of_table.end(), assumptions.begin(), assumptions.end());
        const auto table = json::parse(run("fedgram", of_table).out);
        const auto csv = read_file(folder / "f.csv");
        const auto& first_country = table.at("cells")[0].at("country");
        for (const auto& cell : table.at("cells"))
            if (cell.at("country") == first_country)
                CHECK(last_value(csv, cell.at("column"), 1) == Approx(cell.at("gco2e").get<double>()).epsilon(1e-12));
    }
}

TEST_CASE("Runs that differ in the seed alone are drawn as their mean, or one by one", "[integration]")
{
    const TemporaryFolder folder;
    const auto other = folder / "seed-2";
    std::filesystem::copy(table4, other);
    auto spec = nlohmann::ordered_json::parse(read_file(other / "spec.json"));
    spec["seed"] = 2;
    write_file(other / "spec.json", spec.dump());
    const auto numbers = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {table4, other, "--figure", "accuracy-vs-rounds", "--out", folder / "f.svg"});
        const auto outcome = plot(more);
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return read_file(folder / "f.csv");
    };
    const auto means = numbers({});
    CHECK_THAT(means, Catch::StartsWith("run,name,missed,round,test_accuracy,deviation,least,most,seeds\n"));
    CHECK_THAT(means, Contains("\n\"seeds 1, 2\",federated-iid,,1,"));
    CHECK_THAT(numbers({"--each"}), Contains("\ntable4,federated-iid,,1,") && Contains("\nseed-2,federated-iid,,1,"));
}

TEST_CASE("Names of any letters stay text, and a grid of 0 is drawn", "[integration]")
{
    const TemporaryFolder folder;
    const std::string odd = folder / "a <run> & \"more\" \x01\xff";
    std::filesystem::copy(table4, odd);
    write_file(folder / "own.csv",
               "iso3,name,year,gco2e_per_kwh,basis,source\nZZZ,<Land> & \u00d6re,2024,0,lifecycle,own\n");
    for (const auto* figure : {"gco2e-by-country", "accuracy-vs-gco2e", "energy-by-phase"}) {
        const auto outcome = plot({odd, table4, "--figure", figure, "--grid-file", folder / "own.csv", "--countries",
                                   "ZZZ,USA", "--out", folder / "f.pdf"});
        INFO(outcome.err);
        CHECK(outcome.exit_code == 0);
        CHECK_THAT(read_file(folder / "f.pdf"), Catch::StartsWith("%PDF-"));
    }
}

TEST_CASE("A figure that can't be drawn is one line that says why, and leaves nothing behind", "[integration]")
{
    const TemporaryFolder folder;
    const auto refuse = [&](const std::vector<std::string>& arguments, int exit_code, const std::string& why) {
        const auto outcome = plot(arguments);
        INFO(outcome.err);
        CHECK(outcome.exit_code == exit_code);
        CHECK_THAT(outcome.err, Contains(why));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
        CHECK(std::filesystem::is_empty(folder.path()));
    };
    const std::string out = folder / "f.svg";
    refuse({}, 2, "runs is required");
    refuse({table4, "--out", out}, 2, "--figure is required");
    refuse({table4, "--figure", "energy-by-phase"}, 2, "--out is required");
    refuse({"--list", "--out", out}, 2, "--list excludes --out");
    refuse({table4, "--figure", "energy-by-phases", "--out", out}, 2, "did you mean energy-by-phase?");
    refuse({table4, "--figure", "energy-by-phase", "--out", folder / "f.eps"}, 2, "use .svg, .pdf or .png");
    refuse({table4, "--figure", "energy-by-phase", "--width", "88", "--out", out}, 2, "--width");
    refuse({table4, table4, "--figure", "energy-by-phase", "--out", out}, 2, "is named twice");
    refuse({table4, "--figure", "accuracy-vs-time", "--measured", "--out", out}, 2, "--measured");
    refuse({table4, "--figure", "energy-by-phase", "--countries", "Atlantis", "--out", out}, 2, "Atlantis");
    refuse({table4, "--figure", "energy-by-phase", "--out", folder / "none/f.pdf"}, 5, "can't be written");
    refuse({folder.path(), "--figure", "energy-by-phase", "--out", out}, 3, "spec.json");
    const auto taken = plot({table4, "--figure", "energy-by-phase", "--out", table4 + "/table.svg"});
    CHECK(taken.exit_code == 5);
    CHECK_THAT(taken.err, Contains("table.csv is there already and holds no figure's numbers"));
    CHECK_FALSE(std::filesystem::exists(table4 + "/table.svg"));
}
