// The life of models that are there: no coordinator, no client.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/command.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

const std::string table4 = (source_folder() / "results/reference/table4").string();

Outcome lifecycle(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), {"lifecycle", table4});
    return run("fedgram", arguments);
}

json lives(std::vector<std::string> arguments)
{
    arguments.emplace_back("--json");
    const auto outcome = lifecycle(std::move(arguments));
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return json::parse(outcome.out);
}

}  // namespace

// The oracle is `fedgram table`.
TEST_CASE("A life begins with the table's cell, in the country that it is asked for", "[integration]")
{
    const auto found = lives({"--predictions", "1e6/day", "--years", "2", "--country", "FRA", "--device", "t4",
                              "--on-device", "--training", "federated-iid", "--pue", "1.2"});
    const auto table = json::parse(run("fedgram", {"table", table4, "--countries", "FRA", "--format", "json"}).out);
    const auto& life = found.at("lives").at(0);
    CHECK(life.at("life") == "federated-iid on t4, PUE 1.2");
    CHECK(life.at("parts").at(0).at("stage") == "training");
    for (const auto& cell : table.at("cells"))
        if (cell.at("training") == "federated-iid")
            CHECK(life.at("parts").at(0).at("gco2e").get<double>() == Approx(cell.at("gco2e").get<double>()));
    CHECK(found.at("plan").at("predictions").get<double>() == Approx(730.5e6));
    CHECK(found.at("lives").at(1).at("life") == "federated-iid on clients' jetson-tx2");
    CHECK(life.at("priced_by") == "serving record");
    CHECK(found.at("lives").at(1).at("priced_by") == "the device profile, as training");
    CHECK(life.at("accuracy") == 0.902);
    CHECK(life.at("inference_share_of_joules").get<double>() > 0.99);
}

TEST_CASE("At its break-even two lives have emitted the same", "[integration]")
{
    const auto found = lives({"--predictions", "1000/day", "--on-device", "--retrain-every", "30d"});
    const auto life = [&](const json& name) {
        for (const auto& each : found.at("lives"))
            if (each.at("life") == name) return each;
        return json{};
    };
    const auto grams = [](const json& each, double predictions) {
        return each.at("before_use_gco2e").get<double>() + predictions / 1000 * each.at("gco2e_per_1000").get<double>();
    };
    std::size_t crossings = 0;
    for (const auto& pair : found.at("break_even")) {
        const auto greener = life(pair.at("greener"));
        const auto other = life(pair.at("other"));
        if (pair.at("predictions").is_null()) {
            CHECK(grams(greener, 0) <= grams(other, 0));
            CHECK(grams(greener, 1e9) <= grams(other, 1e9));
            continue;
        }
        ++crossings;
        const double predictions = pair.at("predictions");
        CHECK(grams(greener, predictions) == Approx(grams(other, predictions)));
        CHECK(grams(greener, 0) > grams(other, 0));
        CHECK(grams(greener, 2 * predictions) < grams(other, 2 * predictions));
    }
    CHECK(crossings > 0);
}

TEST_CASE("A run that led to the model stands in its life", "[integration]")
{
    const auto other = (source_folder() / "results/reference/table4-authors").string();
    const auto found = lives({"--predictions", "1/day", "--searches", other});
    CHECK(found.at("trials").at(0).at("runs") == 1);
    CHECK(found.at("trials").at(0).at("joules").get<double>() > 0);
    CHECK(found.at("lives").at(0).at("parts").at(2).at("stage") == "trials");
}

TEST_CASE("Of a run that was killed it is said which trainings have no result", "[integration]")
{
    const TemporaryFolder folder;
    std::filesystem::copy(table4, folder / "killed", std::filesystem::copy_options::recursive);
    auto summary = json::parse(read_file(folder / "killed/summary.json"));
    summary.at("trainings").erase(2);
    write_file(folder / "killed/summary.json", summary.dump());
    const auto outcome = run("fedgram", {"lifecycle", folder / "killed", "--predictions", "1/day"});
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, Contains("The run is unfinished. Without a result yet, and so without a life: "
                                     "federated-noniid; "));
}

TEST_CASE("What has a serving record alone answers, by one prediction at a time or by the batch", "[integration]")
{
    const auto found = lives({"--predictions", "1e9/day", "--device", "tpu-v3,brainwave-arria-10", "--batch", "16"});
    const auto& life = found.at("lives").at(0);
    CHECK(life.at("life") == "centralized on tpu-v3, PUE 1.67, batch 16");
    CHECK(life.at("priced_by") == "serving record");
    CHECK(life.at("numbers") == "bf16");
    CHECK(life.at("embodied_gco2e").is_null());
    CHECK(found.at("lives").at(1).at("why_not") == "brainwave-arria-10: its watts aren't known");
    const auto one = lives({"--predictions", "1e9/day", "--device", "tpu-v3"}).at("lives").at(0);
    CHECK(life.at("seconds_per_prediction").get<double>() < one.at("seconds_per_prediction").get<double>() / 10);
    CHECK(one.at("devices").get<int>() > life.at("devices").get<int>());
    const auto text = lifecycle({"--predictions", "1/day", "--device", "tpu-v3", "--figures"}).out;
    CHECK_THAT(text, Contains("Figures of tpu-v3, serving") && Contains("busy_w") && Contains("published"));
}

TEST_CASE("A report has the life that the command has, from the same options", "[integration]")
{
    const std::vector<std::string> asked{"--predictions", "1e6/day",         "--years", "2", "--device", "t4",
                                         "--on-device",   "--request-bytes", "784"};
    auto arguments = asked;
    arguments.insert(arguments.begin(), {"report", table4});
    const auto report = run("fedgram", arguments);
    CHECK(report.exit_code == 0);
    CHECK_THAT(report.out, Contains("\nLife cycle\n" + lifecycle(asked).out));
    arguments.emplace_back("--json");
    CHECK(json::parse(run("fedgram", arguments).out).at("lifecycle") == lives(asked));
    const auto plain = run("fedgram", {"report", table4});
    CHECK_THAT(plain.out, !Contains("Life cycle"));
    CHECK(report.out.substr(0, plain.out.size()) == plain.out);

    const auto refused = [](const std::vector<std::string>& line, const std::string& words) {
        const auto outcome = run("fedgram", line);
        CHECK(outcome.exit_code == 2);
        CHECK_THAT(outcome.err, Contains(words));
    };
    const auto other = (source_folder() / "results/reference/table4-authors").string();
    refused({"report", table4, other, "--predictions", "1/day"}, "a life is of one run's models; name one run folder");
    refused({"report", table4, "--years", "2"}, "--predictions");
    refused({"report", table4, "--predictions", "many"}, "such as 1e6/day");
    refused({"report", table4, "--predictions", "1/day", "--model-card", "USA/x"}, "--predictions");
}

TEST_CASE("A page has what prices lives, whether or not somebody said how many predictions there are", "[integration]")
{
    const TemporaryFolder folder;
    const auto page = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"report", table4, "--html", folder / "page.html"});
        REQUIRE(run("fedgram", more).exit_code == 0);
        const auto html = read_file(folder / "page.html");
        const auto begin = html.find('{', html.find("id=\"data\""));
        return json::parse(html.substr(begin, html.find("</script>", begin) - begin)).at("lifecycle");
    };
    CHECK(page({}).at("assumed") == true);
    const auto stated = page({"--predictions", "10/s", "--device", "t4"});
    CHECK(stated.at("assumed") == false);
    CHECK(stated.at("plan").at("predictions_per_day") == 864000);
    CHECK(stated.at("bases").at(0).at("life") == "centralized on t4, PUE 1.67");
    CHECK(stated.at("bases").at(0).at("request").at("ends").size() == 4);
}

TEST_CASE("A life that can't be is refused on one line that says what would be right", "[integration]")
{
    const auto refused = [](std::vector<std::string> arguments, const std::string& words) {
        const auto outcome = lifecycle(std::move(arguments));
        CHECK(outcome.exit_code == 2);
        CHECK_THAT(outcome.err, Contains(words));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    };
    refused({}, "--predictions");
    refused({"--predictions", "many"}, "such as 1e6/day");
    refused({"--predictions", "1/day", "--years", "0"}, "--years");
    refused({"--predictions", "1/day", "--failed-share", "1"}, "--failed-share");
    refused({"--predictions", "1/day", "--training", "none"}, "use one of centralized");
    refused({"--predictions", "1/day", "--device", "v1000"}, "\"v1000\" is no device of record");
    refused({"--predictions", "1/day", "--device", "tpu-v5"}, "did you mean tpu-v1, tpu-v3, tpu-v4?");
    refused({"--predictions", "1/day", "--on-device", "nowhere"}, "brainwave-stratix-10");
    refused({"--predictions", "1/day", "--device", "t4,t4"}, "t4 is given more than once");
    refused({"--predictions", "0/day"}, "\"0/day\" is not valid; use a number above 0");
    refused({"--predictions", "-5/s"}, "--predictions");
    refused({"--predictions", "nan/day"}, "\"nan/day\"");
    refused({"--predictions", "1e300/day"}, "\"1e300/day\" is not valid; use up to 1e+15/day");
    refused({"--predictions", "1e6"}, "with /day, /hour or /s");
    refused({"--predictions", "1e-9/day"}, "are only 0.000000365 in 1 years");
    refused({"--predictions", "1/day", "--years", "nan"}, "--years");
    refused({"--predictions", "1/day", "--batch", "0"}, "--batch: 0 is not valid; use a whole number from 1");
    refused({"--predictions", "1/day", "--batch", "2.5"}, "--batch: 2.5");
    refused({"--predictions", "1/day", "--batch", "2"}, "--batch: what a batch takes on v100 isn't known");
    refused({"--predictions", "1/day", "--request-bytes", "1.5"}, "--request-bytes: 1.5");
    refused({"--predictions", "1/day", "--kwh-per-gb", "0.1"}, "--network kwh_per_gb");
    refused({"--predictions", "1/day", "--searches", "nowhere"}, "nowhere is no folder");
}
