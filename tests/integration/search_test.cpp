// Searches by real processes: what they find, what they spent, and that they decide the same however many jobs there
// are.
#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

const std::string spec = R"({
  "name": "tiny", "data": {"dataset": "fashion-mnist", "train_samples": 600}, "model": "mlp-32",
  "federated": {"nodes": 4, "learning_rate": 0.05, "max_rounds": 4},
  "trainings": [{"label": "fl", "kind": "federated"}]})";

class Searches {
public:
    Searches() { write_file(folder_ / "tiny.json", spec); }

    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }

    [[nodiscard]] std::vector<std::string> call(const std::string& name, const std::string& rest,
                                                const std::vector<std::string>& more = {}) const
    {
        write_file(folder_ / "search.json", R"({"spec": "tiny.json", "set": {
            "federated.learning_rate": {"log_uniform": [0.003, 0.3]}, "federated.local_epochs": [1, 3]}, )" +
                                                rest + "}");
        std::vector<std::string> arguments{"sweep",   folder_ / "search.json",    "--out", path(name),
                                           "--store", folder_ / ("store-" + name)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    Outcome search(const std::string& name, const std::string& rest, const std::vector<std::string>& more = {}) const
    {
        return run("fedgram", call(name, rest, more));
    }

    /// What was decided and found, without what this host took.
    [[nodiscard]] json result(const std::string& name) const
    {
        auto result = json::parse(read_file(path(name) / "search.json"));
        result.at("price").erase("host_core_seconds");
        for (auto& trial : result.at("trials")) trial.erase("host_core_seconds");
        return result;
    }

private:
    TemporaryFolder folder_;
};

const std::string asha = R"("search": {"method": "asha", "trials": 6, "max_rounds": 4, "eta": 2, "workers": 3},
                            "objective": {"find": "greenest", "min_accuracy": 0.5})";

}  // namespace

TEST_CASE("ASHA decides the same with one job and with three, and again over what is there", "[integration]")
{
    const Searches searches;
    const auto first = searches.search("one", asha);
    INFO(first.err);
    REQUIRE(first.exit_code == 0);
    REQUIRE(searches.search("three", asha, {"--jobs", "3"}).exit_code == 0);
    const auto result = searches.result("one");
    CHECK(searches.result("three") == result);

    // A second call trains nothing.
    const auto again = searches.search("one", asha);
    CHECK(again.exit_code == 0);
    CHECK(searches.result("one") == result);

    // Rungs cost the difference: no trial has more rounds than it was given, and the price is their sum.
    std::uint64_t rounds = 0;
    std::size_t unfinished = 0;
    for (const auto& trial : result.at("trials")) {
        rounds += trial.at("rounds").get<std::uint64_t>();
        unfinished += trial.at("ended") == false;
        CHECK(trial.at("rounds") <= 4);
    }
    CHECK(result.at("trials").size() == 6);
    CHECK(result.at("price").at("trained_rounds") == rounds);
    CHECK(rounds < 6 * 4);
    CHECK(unfinished > 0);

    // The winner got there on the validation split, and was looked at on the test set once.
    REQUIRE(result.at("winners").size() == 1);
    const auto& winner = result.at("winners").at(0);
    CHECK(winner.at("answer").at("validation_accuracy") >= 0.5);
    REQUIRE(winner.at("test_accuracies").size() == 1);
    CHECK_THAT(first.out, Catch::Contains("No trial saw the test set."));
    CHECK_THAT(first.out, Catch::Contains("on the test set, which was looked at this once"));
    for (const auto& run : std::filesystem::directory_iterator{searches.path("one") / "runs"}) {
        const auto summary = json::parse(read_file(run.path() / "summary.json"));
        CHECK(summary.at("trainings").at(0).at("test_accuracy").is_null());
    }
    CHECK(run("fedgram", {"report", searches.path("one")}).out == first.out);
    CHECK(run("fedgram", {"report", searches.path("one"), "--html", searches.path("page.html")}).exit_code == 0);
    CHECK_THAT(read_file(searches.path("page.html")), Catch::Contains("No trial saw the test set."));

    // The life of the winner's model has its own training, and all others as trials: together no less than the price,
    // which has no evaluations.
    const auto lives =
        json::parse(run("fedgram", {"lifecycle", searches.path("one"), "--predictions", "1/day", "--json"}).out);
    const auto& parts = lives.at("lives").at(0).at("parts");
    CHECK(lives.at("trials").at(0).at("runs") == 5);
    CHECK(parts.at(0).at("gco2e") == Approx(winner.at("answer").at("gco2e").get<double>()));
    const double spent = parts.at(0).at("joules").get<double>() + parts.at(2).at("joules").get<double>();
    CHECK(parts.at(2).at("stage") == "trials");
    CHECK(spent > result.at("price").at("joules").get<double>());
    CHECK(spent < 1.2 * result.at("price").at("joules").get<double>());
}

TEST_CASE("A winner that was not let go on has its model in the run that measured it", "[integration]")
{
    const Searches searches;
    // The one of the fewest grams on the front stands behind a lower rung.
    const auto outcome =
        searches.search("front", R"("search": {"method": "asha", "trials": 6, "max_rounds": 4, "eta": 2, "workers": 3},
                                    "objective": {"find": "pareto"})");
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto result = searches.result("front");
    const auto& winner = result.at("winners").at(0);
    const auto trial = winner.at("trial").get<std::size_t>();
    for (const auto& each : result.at("trials"))
        if (each.at("trial") == trial) REQUIRE(each.at("ended") == false);

    const auto lives =
        json::parse(run("fedgram", {"lifecycle", searches.path("front"), "--predictions", "1/day", "--json"}).out);
    CHECK(lives.at("lives").at(0).at("parts").at(0).at("gco2e") ==
          Approx(winner.at("answer").at("gco2e").get<double>()));
    CHECK(lives.at("evaluated_on") == "validation");
    CHECK_THAT(lives.at("notes").at(0).get<std::string>(),
               Catch::Contains("The model is that of " + (searches.path("front") / "winner").string()) &&
                   Catch::Contains(std::to_string(result.at("winners").size() - 1) + " others"));
    // All six trials count, the winner's own too, and other winners that were trained again to be measured.
    CHECK(lives.at("trials").at(0).at("runs").get<std::size_t>() >= 6);
    CHECK(lives.at("trials").at(0).at("joules").get<double>() > result.at("price").at("joules").get<double>());

    std::filesystem::remove_all(searches.path("front") / "winner");
    const auto refused = run("fedgram", {"lifecycle", searches.path("front"), "--predictions", "1/day"});
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, Catch::Contains("its winner, ") && Catch::Contains("call `fedgram sweep` again as before"));
    CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
}

TEST_CASE("A search that is stopped or killed goes on where it was, to the same answer", "[integration]")
{
    const Searches searches;
    REQUIRE(searches.search("whole", asha).exit_code == 0);
    const auto begun = [&](const std::string& name) {
        auto process = std::make_unique<Process>("fedgram", searches.call(name, asha));
        const auto first = searches.path(name) / "runs";
        for (int tries = 0; tries < 300; ++tries) {
            std::error_code none;
            std::size_t runs = 0;
            for (std::filesystem::directory_iterator entry{first, none}, end; !none && entry != end; ++entry) ++runs;
            if (runs > 1) break;
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        return process;
    };
    auto stopped = begun("stopped");
    stopped->send(SIGINT);
    const auto outcome = stopped->wait();
    CHECK(outcome.exit_code == 130);
    CHECK_THAT(outcome.out, Catch::Contains("Stopped before its end, with"));
    CHECK_THAT(run("fedgram", {"report", searches.path("stopped")}).out, Catch::Contains("Stopped before its end"));
    CHECK(searches.search("stopped", asha).exit_code == 0);
    CHECK(searches.result("stopped") == searches.result("whole"));

    auto killed = begun("killed");
    killed->send(SIGKILL);
    killed->wait();
    const auto reported = run("fedgram", {"report", searches.path("killed")});
    CHECK(reported.exit_code == 3);
    CHECK_THAT(reported.err, Catch::Contains("this search isn't over"));
    CHECK(searches.search("killed", asha).exit_code == 0);
    CHECK(searches.result("killed") == searches.result("whole"));
}

TEST_CASE("A sweep takes no folder of something else, and no key that changes nothing", "[integration]")
{
    const Searches searches;
    std::filesystem::create_directories(searches.path("other"));
    write_file(searches.path("other") / "mine.txt", "mine");
    const auto refused = searches.search("other", asha);
    CHECK(refused.exit_code == 5);
    CHECK_THAT(refused.err, Catch::Contains("is not empty and holds no sweep; choose another --out"));
    write_file(searches.path("idle.json"), R"({"spec": "tiny.json", "set": {"centralized.learning_rate": [0.1, 0.2]},
        "objective": {"find": "greenest", "min_accuracy": 0.5}})");
    const auto idle = run("fedgram", {"sweep", searches.path("idle.json"), "--out", searches.path("idle")});
    CHECK(idle.exit_code == 2);
    CHECK(idle.err ==
          "fedgram: set.centralized.learning_rate: the search trains \"fl\" alone, which this key changes "
          "nothing of; leave it out\n");
}

TEST_CASE("A budget ends a search, and says so", "[integration]")
{
    const Searches searches;
    const auto outcome = searches.search("out", R"("search": {"method": "random", "trials": 6},
        "objective": {"find": "pareto"}, "budget": {"runs": 2})");
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    const auto result = searches.result("out");
    CHECK(result.at("trials").size() == 2);
    CHECK(result.at("budget_spent") == true);
    CHECK_FALSE(result.at("winners").empty());
    CHECK_THAT(outcome.out, Catch::Contains("The budget of 2 runs is spent: 2 of 6 trials began."));
}

TEST_CASE("A budget that one run is above finds nothing, and a trial that fails is in the price", "[integration]")
{
    const Searches searches;
    const auto small = searches.search("small", R"("search": {"method": "random", "trials": 3},
        "objective": {"find": "pareto"}, "budget": {"joules": 0.001})");
    CHECK(small.exit_code == 2);
    CHECK_THAT(small.err, Catch::Contains("budget.joules: 0.001 is less than the first setting took"));
    CHECK(searches
              .search("none", R"("search": {"method": "random", "trials": 2},
        "objective": {"find": "greenest", "min_accuracy": 0.999})")
              .exit_code == 0);
    CHECK(searches.result("none").at("winners").empty());
    CHECK_THAT(run("fedgram", {"report", searches.path("none")}).out, Catch::Contains("No trial gets there."));
}

TEST_CASE("A search's objective must fit its specification", "[integration]")
{
    const Searches searches;
    const auto refused = searches.search("out", R"("objective": {"find": "pareto", "training": "other"},
        "search": {"method": "random", "trials": 2})");
    CHECK(refused.exit_code == 2);
    CHECK(refused.err == "fedgram: objective.training: \"other\" is no training; tiny has fl\n");
    CHECK_FALSE(std::filesystem::exists(searches.path("out")));
}
