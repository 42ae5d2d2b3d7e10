// What each output says of the same run: grams, joules, accuracy and state must be one figure, wherever one looks.

#include <algorithm>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/json_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

/// One output's word on a training in the first country, on its first device at the first PUE.
struct Told {
    std::string where;
    double grams;
    double joules;
    double accuracy;
    std::string state;  ///< "reached", "not reached" or "no target"
};

using Trainings = std::map<std::string, std::vector<Told>>;

std::string state_of(const json& reached)
{
    if (reached.is_null()) return "no target";
    return reached.get<bool>() ? "reached" : "not reached";
}

json json_of(const std::vector<std::string>& arguments)
{
    const auto outcome = run("fedgram", arguments);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return json::parse(outcome.out);
}

/// The fields of a line by the heading's names. Only for lines whose quotes hold no quotes.
std::map<std::string, std::string> csv_row(const std::string& heading, const std::string& line)
{
    const auto fields = [](const std::string& text) {
        std::vector<std::string> result(1);
        bool quoted = false;
        for (const char c : text) {
            if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
                result.emplace_back();
            else
                result.back() += c;
        }
        return result;
    };
    const auto names = fields(heading), values = fields(line);
    REQUIRE(names.size() == values.size());
    std::map<std::string, std::string> row;
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = values[i];
    return row;
}

/// The first row of each training.
std::map<std::string, std::map<std::string, std::string>> csv_rows(const std::filesystem::path& file,
                                                                   const std::string& training_column)
{
    std::istringstream text{read_file(file)};
    std::string heading, line;
    std::getline(text, heading);
    std::map<std::string, std::map<std::string, std::string>> rows;
    while (std::getline(text, line)) {
        const auto row = csv_row(heading, line);
        rows.try_emplace(row.at(training_column), row);
    }
    return rows;
}

double spent(const json& cell) { return cell.at("gco2e").is_null() ? cell.at("spent_gco2e") : cell.at("gco2e"); }

void add_table(const std::filesystem::path& folder, const json& summary, Trainings& told)
{
    const auto table = json::parse(read_file(folder / "table.json"));
    const auto csv = csv_rows(folder / "table.csv", "training");
    const auto codecarbon = csv_rows(folder / "emissions.csv", "experiment_id");
    for (const auto& training : table.at("trainings")) {
        const auto label = training.at("label").get<std::string>();
        const auto is_its = [&](const json& of) { return of.at("training") == label; };
        const auto& cell = *std::ranges::find_if(table.at("cells"), is_its);
        const auto& column = *std::ranges::find_if(table.at("columns"), is_its);
        const double joules = column.at("device_joules").get<double>() + column.at("network_joules").get<double>();
        const double accuracy = training.at("test_accuracy");
        const auto state = state_of(training.at("reached_target"));
        CHECK(state_of(cell.at("reached_target")) == state);
        told[label].push_back({"table.json", spent(cell), joules, accuracy, state});
        const auto& row = csv.at(label);
        const auto& reached = row.at("reached_target");
        told[label].push_back({"table.csv",
                               std::stod(row.at("gco2e").empty() ? row.at("spent_gco2e") : row.at("gco2e")), joules,
                               accuracy,
                               reached.empty()     ? "no target"
                               : reached == "true" ? "reached"
                                                   : "not reached"});
        const auto& emitted = codecarbon.at(label);
        told[label].push_back({"emissions.csv", std::stod(emitted.at("emissions")) * 1000,
                               std::stod(emitted.at("energy_consumed")) * 3.6e6, accuracy, state});
    }
    for (const auto& training : summary.at("trainings")) {
        auto& list = told[training.at("label").get<std::string>()];
        list.push_back({"summary.json", list.front().grams, list.front().joules, training.at("test_accuracy"),
                        state_of(training.at("reached_target"))});
    }
}

void add_rounds(const std::filesystem::path& folder, Trainings& told)
{
    std::map<std::string, Told> sums;
    for (const auto& line : json_lines(folder / "rounds.jsonl")) {
        const auto label = line.at("training").get<std::string>();
        auto& sum = sums.try_emplace(label, Told{"rounds.jsonl", 0, 0, 0, told[label].front().state}).first->second;
        sum.grams += line.at("gco2e").get<double>();
        sum.joules += line.at("device_joules").get<double>() + line.at("network_joules").get<double>();
        if (!line.at("test_accuracy").is_null()) sum.accuracy = line.at("test_accuracy");
        CHECK(line.at("country") == "DEU");
    }
    for (const auto& [label, sum] : sums) told[label].push_back(sum);
}

void add_commands(const std::filesystem::path& folder, Trainings& told)
{
    const auto report = json_of({"report", folder, "--json"});
    for (const auto& column : report.at("columns")) {
        auto& list = told[column.at("training").get<std::string>()];
        if (list.back().where == "report") continue;  // of another device or PUE
        list.push_back({"report", column.at("spent_gco2e"), column.at("joules"), column.at("test_accuracy"),
                        state_of(column.at("reached_target"))});
    }
    const json listed = json_of({"list", folder.parent_path(), "--json"}).at("runs").at(0);
    CHECK(listed.at("country") == "DEU");
    for (const auto& training : listed.at("trainings"))
        told[training.at("label").get<std::string>()].push_back({"list", training.at("gco2e"), training.at("joules"),
                                                                 training.at("test_accuracy"),
                                                                 state_of(training.at("reached_target"))});
    for (auto& [label, list] : told) {
        const auto cell = label == "central" ? "DEU/v100, PUE 1.5" : "DEU/" + label;
        const auto explained = json_of({"explain", folder, cell, "--json"});
        const auto& energy = explained.at("energy");
        list.push_back({"explain", explained.at("emissions").at("spent_gco2e"),
                        energy.at("device_joules").get<double>() + energy.at("network_joules").get<double>(),
                        explained.at("test_accuracy"), state_of(explained.at("reached_target"))});
    }
}

/// The last line of each training: "iid   3/3   accuracy 0.4150  loss 1.9  0.123 kJ  0.0312 gCO2e (DEU)".
void check_progress(const std::string& lines, const Trainings& told)
{
    for (const auto& [label, list] : told) {
        const std::regex form{"\n" + label +
                              R"( +\d+/\d+ +accuracy ([0-9.]+) .* ([0-9.]+) kJ  ([0-9.]+) gCO2e \(DEU\))"};
        std::smatch last;
        for (std::sregex_iterator at{lines.begin(), lines.end(), form}, end; at != end; ++at) last = *at;
        INFO(label + " in:\n" + lines);
        REQUIRE(last.size() == 4);
        CHECK(std::stod(last[1]) == Approx(list.front().accuracy).margin(0.00005));
        CHECK(std::stod(last[2]) == Approx(list.front().joules / 1000).margin(0.0005));
        CHECK(std::stod(last[3]) == Approx(list.front().grams).epsilon(0.005));
    }
}

}  // namespace

TEST_CASE("The same run has the same grams, joules, accuracy and state in every output", "[integration]")
{
    const auto target = GENERATE(as<std::string>{}, "null", "0.99");
    TemporaryFolder folder;
    auto spec = json::parse(tiny_spec);
    spec["seed"] = 1;  // which a sweep takes by itself
    spec["target_accuracy"] = json::parse(target);
    spec["accounting"] = {{"countries", {"DEU", "FRA"}},
                          {"node_places", {"IND", nullptr}},
                          {"pue", {1.5, 1.1}},
                          {"raw_data_upload", true}};
    write_file(folder / "tiny.json", spec.dump());
    write_file(folder / "sweep.json", R"({"spec": "tiny.json", "set": {"federated.local_epochs": [1]}})");
    const auto shown = run("fedgram", {"run", folder / "tiny.json", "--out", folder / "runs" / "one"});
    INFO(shown.err);
    REQUIRE(shown.exit_code == 0);
    REQUIRE(run("fedgram", {"sweep", folder / "sweep.json", "--out", folder / "sweep"}).exit_code == 0);

    const auto one = folder / "runs" / "one";
    const auto summary = json::parse(read_file(one / "summary.json"));
    Trainings told;
    add_table(one, summary, told);
    add_rounds(one, told);
    add_commands(one, told);
    for (const auto& [label, row] : csv_rows(folder / "sweep" / "sweep.csv", "training")) {
        const auto& reached = row.at("reached_target");
        told[label].push_back({"sweep.csv", std::stod(row.at("spent_gco2e")), told[label].front().joules,
                               std::stod(row.at("test_accuracy")),
                               reached.empty()     ? "no target"
                               : reached == "true" ? "reached"
                                                   : "not reached"});
        CHECK(row.at("country") == "DEU");
    }
    REQUIRE(told.size() == 3);
    for (const auto& [label, list] : told) {
        std::string places;
        for (const auto& each : list) places += each.where + " ";
        CHECK(places == "table.json table.csv emissions.csv summary.json rounds.jsonl report list explain sweep.csv ");
        for (const auto& each : list) {
            INFO(label + " in " + each.where);
            CHECK(each.grams == Approx(list.front().grams).epsilon(1e-12));
            CHECK(each.joules == Approx(list.front().joules).epsilon(1e-12));
            CHECK(each.accuracy == list.front().accuracy);
            CHECK(each.state == (target == "null" ? "no target" : "not reached"));
        }
    }
    check_progress(shown.err, told);

    // The first screen has the top of the table, the answer, and where the rest is.
    CHECK_THAT(read_file(one / "table.txt"), Catch::StartsWith(shown.out.substr(0, shown.out.find("\nFrance"))));
    CHECK_THAT(shown.out, Catch::Contains(target == "null" ? "\nIn Germany the greenest federated training is "
                                                           : "\nNo training has a result: "));
    CHECK_THAT(shown.out, Catch::Contains("\nThe rest is in " + (one / "table.txt").string()));
    CHECK(std::ranges::count(shown.out, '\n') < 25);

    // The page holds the same table; it takes the place of a page alone.
    CHECK(run("fedgram", {"report", one, "--html", folder / "page.html"}).exit_code == 0);
    CHECK(run("fedgram", {"report", one, "--html", folder / "page.html"}).exit_code == 0);
    const auto page = read_file(folder / "page.html");
    CHECK_THAT(page, Catch::StartsWith("<!DOCTYPE html>"));
    CHECK(page.find("\"cells\":" + nlohmann::ordered_json::parse(read_file(one / "table.json")).at("cells").dump()) !=
          std::string::npos);
    const auto refused = run("fedgram", {"report", one, "--html", one / "spec.json"});
    CHECK(refused.exit_code == 5);
    CHECK_THAT(refused.err, Catch::Contains("spec.json is there and no page"));

    // The run itself has ended, whether or not its trainings reached anything.
    CHECK(json_lines(one / "events.jsonl").back().at("event") == "finished");
    CHECK(json_of({"list", one.parent_path(), "--json"}).at("runs").at(0).at("state") == "whole");
    for (const auto& training : summary.at("trainings")) CHECK(training.at("ended_by") == "limit");
}
