#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/faults/hand_started_run.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

const std::vector<std::string> secret{"FEDGRAM_SECRET=" + std::string(64, '7')};

/// A specification of two nodes with the `federated` keys given. A local training takes a tenth of a second: well
/// within a round's deadline, and far beyond it at a hundredth of the speed.
std::string spec(const std::string& federated)
{
    return R"({"name": "slow", "seed": 6, "data": {"dataset": "fashion-mnist", "train_samples": 600},
               "model": "small-cnn", "trainings": [{"label": "iid", "kind": "federated"}],
               "federated": {"nodes": 2, "learning_rate": 0.05, "local_epochs": 8, )" +
           federated + "}}";
}

/// Lets a process run for about a hundredth of the time until the condition holds: a slow machine, whose
/// heartbeats come all the same.
bool comes_true_while_slow(const HandStartedRun& run, const Process& process, const std::function<bool()>& condition)
{
    const bool came = run.comes_true([&] {
        process.send(SIGSTOP);
        ::usleep(500'000);
        const bool true_now = condition();
        process.send(SIGCONT);
        return true_now;
    });
    process.send(SIGCONT);
    return came;
}

}  // namespace

TEST_CASE("A round ends by its deadline without the node that is still in training", "[faults]")
{
    HandStartedRun run{spec(R"("max_rounds": 8, "quorum": 0.5, "round_deadline_s": 3)"), {}, {}, secret};
    run.start_client("0", {});
    const auto& slow = run.start_client("1", {});
    REQUIRE(run.comes_true([&] { return run.begun(); }));
    REQUIRE(comes_true_while_slow(run, slow, [&] { return !run.events("round_expired").empty(); }));
    run.check_ends_well();

    const auto expired = run.events("round_expired").front();
    CHECK(expired.at("lost") == json({1}));
    CHECK(expired.at("still_training") == json({1}));
    const auto recorded = run.lines("rounds");
    REQUIRE(recorded.size() == 8);
    CHECK(recorded.at(expired.at("round").get<std::size_t>() - 1).at("participants") == 1);
    CHECK(recorded.back().at("participants") == 2);
    const auto ledger = run.lines("ledger");
    CHECK(std::ranges::any_of(ledger, [&](const json& line) {
        return line.at("wasted") == true && line.at("phase") == "train" && line.at("node") == 1 &&
               line.at("round") == expired.at("round");
    }));
    CHECK(run.events("client_lost").empty());
}

TEST_CASE("A client that hangs is given up, and its nodes are taken up when it goes on", "[faults]")
{
    HandStartedRun run{
        spec(R"("max_rounds": 6, "quorum": 1, "silence_deadline_s": 2, "rejoin_wait_s": 30, "quorum_wait_s": 1)"),
        {},
        {},
        secret};
    run.start_client("0", {});
    const auto& hung = run.start_client("1", {});
    REQUIRE(run.comes_true([&] { return !run.lines("rounds").empty(); }));
    hung.send(SIGSTOP);
    const bool given_up = run.comes_true([&] { return !run.events("client_lost").empty(); });
    hung.send(SIGCONT);
    REQUIRE(given_up);
    run.check_ends_well();
    CHECK(run.events("client_lost").front().at("nodes") == json({1}));
    CHECK_THAT(run.events("client_lost").front().at("reason").get<std::string>(), Catch::Contains("deadline"));
    run.check_equals_undisturbed(6, 2);
}
