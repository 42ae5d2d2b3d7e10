// A store of trainings: what one run has trained, another takes from it, to the same bytes.
#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/json_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

using Labels = std::vector<std::string>;

/// A tiny experiment, and a store.
class Stored {
public:
    Stored() { write_file(spec(), tiny_spec); }

    [[nodiscard]] std::string spec() const { return folder_ / "tiny.json"; }
    [[nodiscard]] std::string store() const { return folder_ / "store"; }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }

    Outcome run_as(const std::string& name, const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> arguments{"run", spec(), "--out", path(name), "--store", store()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        auto outcome = run("fedgram", arguments);
        INFO(outcome.err);
        CHECK(outcome.exit_code == 0);
        return outcome;
    }

    /// The trainings of a run that it took from the store.
    [[nodiscard]] Labels taken(const std::string& name) const
    {
        Labels labels;
        const auto summary = json::parse(read_file(path(name) / "summary.json"));
        for (const auto& training : summary.at("trainings"))
            if (training.contains("from_store")) labels.push_back(training.at("label"));
        return labels;
    }

    void check_same(const std::string& one, const std::string& other) const
    {
        for (const char* file : {"table.json", "rounds.jsonl", "ledger.jsonl", "central.pt", "iid.pt", "skewed.pt"})
            CHECK(read_file(path(one) / file) == read_file(path(other) / file));
    }

    [[nodiscard]] std::vector<std::filesystem::path> entries() const
    {
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator{store()})
            if (entry.path().extension() == ".training") files.push_back(entry.path());
        return files;
    }

private:
    TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("A run takes from the store what another has trained, to the same bytes, and says so", "[integration]")
{
    const Stored stored;
    REQUIRE(run("fedgram", {"run", stored.spec(), "--out", stored.path("alone")}).exit_code == 0);
    stored.run_as("first");
    CHECK(stored.taken("first").empty());
    const auto second = stored.run_as("second", {"--full"});
    CHECK(stored.taken("second") == Labels{"central", "iid", "skewed"});
    CHECK_THAT(second.err, Contains("central comes from the store; an earlier run spent "));
    CHECK_THAT(second.out, Contains("iid comes from a store of trainings: an earlier run spent "));
    stored.check_same("alone", "first");
    stored.check_same("first", "second");
}

TEST_CASE("Work from the store is priced on the devices and in the places of the run that takes it", "[integration]")
{
    const Stored stored;
    const std::vector<std::string> elsewhere{"--set", "accounting.countries=[\"POL\"]",
                                             "--set", "accounting.edge_device=raspberry-pi-4",
                                             "--set", "accounting.network.method=kwh_per_gb"};
    auto alone = std::vector<std::string>{"run", stored.spec(), "--out", stored.path("alone")};
    alone.insert(alone.end(), elsewhere.begin(), elsewhere.end());
    const auto outcome = run("fedgram", alone);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    stored.run_as("first");
    stored.run_as("second", elsewhere);
    CHECK(stored.taken("second") == Labels{"central", "iid", "skewed"});
    stored.check_same("alone", "second");
}

TEST_CASE("What decides a training alone is trained anew", "[integration]")
{
    const Stored stored;
    stored.run_as("first");
    stored.run_as("second", {"--set", "trainings.skewed.partition.alpha=0.7", "--set", "name=other"});
    CHECK(stored.taken("second") == Labels{"central", "iid"});
    stored.run_as("third", {"--set", "seed=4"});
    CHECK(stored.taken("third").empty());
}

TEST_CASE("A damaged training of the store is made anew", "[integration]")
{
    const Stored stored;
    stored.run_as("first");
    REQUIRE(stored.entries().size() == 3);
    for (const auto& file : stored.entries()) write_file(file, read_file(file).substr(0, 1000));
    stored.run_as("second");
    CHECK(stored.taken("second").empty());
    stored.run_as("third");
    CHECK(stored.taken("third").size() == 3);
    stored.check_same("first", "third");
}

TEST_CASE("Tests on the nodes' own data are in the store too", "[integration]")
{
    const Stored stored;
    const std::vector<std::string> more{"--set", "federated.node_test_share=0.3"};
    stored.run_as("first", more);
    stored.run_as("second", more);
    CHECK(stored.taken("second").size() == 3);
    stored.check_same("first", "second");
    const auto test = [&](const char* name) {
        return json::parse(read_file(stored.path(name) / "summary.json")).at("trainings").at(1).at("node_test");
    };
    CHECK(test("first") == test("second"));
}

TEST_CASE("What privacy has spent is the same of a training from the store, also of rounds without nodes",
          "[integration]")
{
    const Stored stored;
    const std::vector<std::string> more{"--only",
                                        "iid",
                                        "--set",
                                        "trainings.iid.client_fraction=0.2",
                                        "--set",
                                        "trainings.iid.max_rounds=20",
                                        "--set",
                                        R"(trainings.iid.privacy={"clip": 1, "noise_multiplier": 1, "delta": 0.01,)"
                                        R"( "stop_at_epsilon": 3})"};
    stored.run_as("first", more);
    stored.run_as("second", more);
    CHECK(stored.taken("second") == Labels{"iid"});
    for (const char* file : {"table.json", "rounds.jsonl"})
        CHECK(read_file(stored.path("first") / file) == read_file(stored.path("second") / file));
    CHECK_THAT(read_file(stored.path("first") / "rounds.jsonl"), Contains("\"participants\":0,"));
    const auto summary = [&](const char* name) {
        return json::parse(read_file(stored.path(name) / "summary.json")).at("trainings").at(0);
    };
    CHECK(summary("first").at("privacy").at("epsilon") <= 3);
    CHECK(summary("first").at("privacy").at("rounds") == 12);
    CHECK(summary("first").at("privacy") == summary("second").at("privacy"));
    CHECK(summary("first").at("ended_early") == summary("second").at("ended_early"));
}

TEST_CASE("A run that is killed, and goes on with the store, ends the same and leaves its trainings there",
          "[integration]")
{
    const Stored stored;
    const std::vector<std::string> longer{"--set", "federated.max_rounds=25"};
    stored.run_as("first", longer);
    std::filesystem::remove_all(stored.store());
    {
        std::vector<std::string> arguments{
            "run",          stored.spec(),           "--out", stored.path("killed"), "--store",
            stored.store(), "--checkpoint-interval", "0"};
        arguments.insert(arguments.end(), longer.begin(), longer.end());
        Process killed{"fedgram", arguments};
        const auto rounds = stored.path("killed") / "rounds.jsonl";
        for (int i = 0; i < 1000; ++i, std::this_thread::sleep_for(10ms))
            if (std::filesystem::exists(rounds) && json_lines(rounds).size() > 8) break;
        killed.send(SIGKILL);
        static_cast<void>(killed.wait());
    }
    const auto resumed = run("fedgram", {"run", "--resume", stored.path("killed"), "--store", stored.store()});
    INFO(resumed.err);
    CHECK(resumed.exit_code == 0);
    CHECK(read_file(stored.path("killed") / "table.json") == read_file(stored.path("first") / "table.json"));
    CHECK(stored.entries().size() == 3);
    stored.run_as("again", longer);
    CHECK(stored.taken("again").size() == 3);
    stored.check_same("first", "again");
}

TEST_CASE("Runs at the same time train each training once between them", "[integration]")
{
    const Stored stored;
    {
        std::vector<std::jthread> runs;
        for (const char* name : {"a", "b", "c"})
            runs.emplace_back([&stored, name] {
                static_cast<void>(run("fedgram", {"run", stored.spec(), "--out", stored.path(name), "--store",
                                                  stored.store(), "--client-processes", "1"}));
            });
    }
    CHECK(stored.taken("a").size() + stored.taken("b").size() + stored.taken("c").size() == 6);
    stored.check_same("a", "b");
    stored.check_same("a", "c");
}

TEST_CASE("A sweep trains what its runs share once, and with --no-store each time", "[integration]")
{
    const Stored stored;
    write_file(
        stored.path("sweep.json"),
        json{{"spec", stored.spec()}, {"set", {{"trainings.skewed.partition.alpha", {0.3, 0.7, 2}}}}, {"seeds", {1, 2}}}
            .dump());
    const auto swept = [&](const std::string& name, const std::vector<std::string>& more) {
        std::vector<std::string> arguments{"sweep", stored.path("sweep.json"), "--out", stored.path(name)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        CHECK(run("fedgram", arguments).exit_code == 0);
        std::size_t taken = 0;
        for (const auto& entry : std::filesystem::directory_iterator{stored.path(name) / "runs"})
            taken += stored.taken(name + "/runs/" + entry.path().filename().string()).size();
        return taken;
    };
    CHECK(swept("plain", {"--no-store"}) == 0);
    // Of 18 trainings, 2 centralized, 2 IID and 6 skewed ones differ.
    CHECK(swept("shared", {"--store", stored.store()}) == 8);
    CHECK(read_file(stored.path("plain") / "sweep.csv") == read_file(stored.path("shared") / "sweep.csv"));
}

TEST_CASE("A run whose store fails in mid-run trains on, and says so", "[integration]")
{
    const Stored stored;
    // What should be the lock's file can't be opened as one.
    std::filesystem::create_directories(stored.store() + "/locks");
    const auto outcome = stored.run_as("run");
    CHECK_THAT(outcome.err, Contains("central is trained without the store: "));
    CHECK(stored.taken("run").empty());
    CHECK(std::filesystem::exists(stored.path("run") / "table.json"));
}

TEST_CASE("A store in a run's own folder, and a limit that is none, are refused before anything is made",
          "[integration]")
{
    const Stored stored;
    const auto refused = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"run", stored.spec(), "--out", stored.path("run")};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = run("fedgram", arguments);
        CHECK(outcome.exit_code == 2);
        CHECK(std::ranges::count(outcome.err, '\n') == 1);
        CHECK_FALSE(std::filesystem::exists(stored.path("run")));
        return outcome.err;
    };
    CHECK_THAT(refused({"--store", stored.path("run")}), Contains("is in the run's own folder"));
    CHECK_THAT(refused({"--store", stored.path("run") / "store"}), Contains("is in the run's own folder"));
    for (const char* limit : {"nan", "0", "-1", "inf"})
        CHECK_THAT(refused({"--store", stored.store(), "--store-limit", limit}), Contains("use a number above 0"));
    CHECK_THAT(refused({"--store-limit", "5"}), Contains("--store"));
}

TEST_CASE("A store that can't be used is refused before anything is made", "[integration]")
{
    const Stored stored;
    write_file(stored.path("file"), "");
    const auto refused =
        run("fedgram", {"run", stored.spec(), "--out", stored.path("run"), "--store", stored.path("file") / "store"});
    CHECK(refused.exit_code == 5);
    CHECK_THAT(refused.err, Contains("choose another --store"));
    CHECK(std::ranges::count(refused.err, '\n') == 1);
    CHECK_FALSE(std::filesystem::exists(stored.path("run")));
}
