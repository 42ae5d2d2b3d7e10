#include "common/report/live/live_run.hpp"

#include <catch2/catch.hpp>

#include <limits>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/live/live_json.hpp"
#include "common/report/live/live_scalars.hpp"
#include "common/report/live/metrics_text.hpp"
#include "common/text/utc_time.hpp"

using namespace fedgram;
using report::LiveRun;
using Json = nlohmann::ordered_json;

namespace {

LiveRun begun()
{
    return {{"mine", "results/mine", 7, 0.9, "USA"},
            {{"central", run::TrainingKind::centralized}, {"iid", run::TrainingKind::federated}}};
}

run::RoundLine line(std::uint32_t round, std::optional<double> accuracy)
{
    run::RoundLine line{"iid", round, std::nullopt, 0.5, 8, Seconds{2}, {}};
    if (accuracy) line.evaluation = {*accuracy, 0.4};
    line.costs = run::RoundCosts{Joules{100}, Joules{20}, GramsCO2e{0.01}, "USA"};
    return line;
}

run::Event event(const char* name, Json details)
{
    return {text::parse_utc("2026-01-31T12:00:00Z").value(), name, std::move(details)};
}

}  // namespace

TEST_CASE("A live run's time, joules and grams are sums over its rounds", "[report]")
{
    auto run = begun();
    run.add(line(1, 0.5));
    run.add(line(2, std::nullopt));
    const auto& points = run.trainings()[1].points;
    REQUIRE(points.size() == 2);
    CHECK(points[1].round == 2);
    CHECK_FALSE(points[1].evaluation);
    CHECK(points[1].virtual_time == Seconds{4});
    CHECK(points[1].devices->count() == Approx(200));
    CHECK(points[1].network->count() == Approx(40));
    CHECK(points[1].emissions->count() == Approx(0.02));
}

TEST_CASE("From a round on whose grams nobody knows, the sum isn't known", "[report]")
{
    auto run = begun();
    auto unknown = line(1, 0.5);
    unknown.costs->emissions.reset();
    run.add(unknown);
    auto of_version_1 = line(2, 0.6);
    of_version_1.costs.reset();
    run.add(line(2, 0.6));
    run.add(of_version_1);
    const auto& points = run.trainings()[1].points;
    CHECK_FALSE(points[1].emissions);
    CHECK(points[1].devices->count() == Approx(200));
    CHECK_FALSE(points[2].devices);
}

TEST_CASE("A resumed run's rounds are forgotten, its events stay", "[report]")
{
    auto run = begun();
    run.add(line(1, 0.5));
    run.add(event("client_lost", {{"nodes", {1}}}));
    run.forget_rounds();
    CHECK(run.trainings()[1].points.empty());
    CHECK(run.edition() == 1);
    CHECK(run.lost_clients() == 1);
    run.add(line(1, 0.5));
    CHECK(run.trainings()[1].points.back().devices->count() == Approx(100));
}

TEST_CASE("A live run counts refused updates by training and reason, and keeps the latest events", "[report]")
{
    auto run = begun();
    run.add(event("started", {}));
    for (int i = 0; i < 60; ++i)
        run.add(event("update_refused", {{"training", "iid"}, {"round", i}, {"reason", "not_finite"}}));
    run.add(event("update_refused", {{"training", 7}}));
    CHECK(run.trainings()[1].refused_updates().at("not_finite") == 60);
    CHECK(run.trainings()[0].refusals.empty());
    CHECK(run.event_count() == 62);
    REQUIRE(run.events().size() == LiveRun::kept_events);
    CHECK(run.events().back().details.at("training") == 7);
    CHECK(run.begun() == text::parse_utc("2026-01-31T12:00:00Z"));
}

TEST_CASE("Progress that is older than the rounds is brought up to date", "[report]")
{
    auto run = begun();
    run.set_state(run::RunState::running);
    run.add(line(1, 0.5));
    run.set_progress(run::RunProgress{{}, "iid", 0, 4, 0.5, 2.0, {}});
    CHECK(run.progress()->rounds == 1);
    CHECK(run.progress()->of_round == 0);
    run.set_progress(run::RunProgress{{}, "iid", 1, 4, 0.5, 2.0, {}});
    CHECK(run.progress()->of_round == 0.5);
    run.add(line(2, 0.6));
    CHECK(run.progress()->rounds == 2);
    CHECK(run.progress()->most_seconds_left() == Approx(1));
}

TEST_CASE("A training waits, goes on, and ends as summary.json says", "[report]")
{
    auto run = begun();
    const auto state = [&](std::size_t training) { return run.state_of(run.trainings()[training]); };
    CHECK(state(0) == "waiting");
    run.set_state(run::RunState::running);
    run.set_progress(run::RunProgress{{}, "central", 0, 4, 0.5, 2.0, {}});
    CHECK(state(0) == "running");
    run.set_endings({{"central", run::Ending::diverged}, {"iid", run::Ending::interrupted}});
    CHECK(state(0) == "diverged");
    CHECK(state(1) == "waiting");  // it is taken up
    run.add(line(1, 0.5));
    CHECK(state(1) == "running");
    run.set_state(run::RunState::interrupted);
    CHECK(state(1) == "interrupted");
    run.set_endings({});
    CHECK(state(1) == "unfinished");
    CHECK_FALSE(run.progress());
    CHECK_THAT(report::metrics_text(run),
               Catch::Contains("fedgram_training_state{training=\"iid\",state=\"unfinished\"} 1\n"));
}

TEST_CASE("Refusals in rounds that a resumed run does anew count once", "[report]")
{
    auto run = begun();
    for (const std::uint32_t round : {1u, 2u, 3u, 3u})
        run.add(event("update_refused", {{"training", "iid"}, {"round", round}, {"reason", "not_finite"}}));
    run.add(event("resumed", {{"finished_trainings", 1u}, {"rounds", 2u}}));
    CHECK(run.trainings()[1].refusals.size() == 2);
    run.add(event("update_refused", {{"training", "iid"}, {"round", 3u}, {"reason", "not_finite"}}));
    CHECK(run.trainings()[1].refused_updates().at("not_finite") == 3);
    run.add(event("resumed", {{"finished_trainings", 0u}, {"rounds", 2u}}));
    CHECK(run.trainings()[1].refusals.empty());
}

TEST_CASE("A round of a training that the run lacks is refused", "[report]")
{
    auto run = begun();
    auto other = line(1, 0.5);
    other.training = "other";
    CHECK_THROWS_AS(run.add(other), DataError);
}

TEST_CASE("A viewer is told each point once, in columns", "[report]")
{
    auto run = begun();
    report::PointsSeen seen;
    CHECK(report::live_points_json(run, seen).is_null());
    run.add(line(1, 0.5));
    CHECK(report::live_points_json(run, seen) ==
          Json::parse(R"([{"training": 1, "rounds": {"round": [1], "test_accuracy": [0.5], "virtual_seconds": [2.0],
                           "joules": [120.0], "device_joules": [100.0], "network_joules": [20.0], "gco2e": [0.01]}}])"));
    CHECK(report::live_points_json(run, seen).is_null());
    run.add(line(2, std::nullopt));
    const auto more = report::live_points_json(run, seen);
    CHECK(more.at(0).at("rounds").at("round") == Json{2});
    CHECK(more.at(0).at("rounds").at("test_accuracy").at(0).is_null());
}

TEST_CASE("A viewer is told where the run stands, before it begins too", "[report]")
{
    auto run = begun();
    CHECK(report::live_state_json(run).at("state") == "starting");
    CHECK(
        report::live_start_json(run) ==
        Json::parse(
            R"({"format": 1, "name": "mine", "folder": "results/mine", "seed": 7, "evaluated_on": "test", "target_accuracy": 0.9,
                          "country": "USA", "trainings":
                          [{"label": "central", "kind": "centralized"}, {"label": "iid", "kind": "federated"}]})"));
    run.set_state(run::RunState::running);
    run.set_progress(run::RunProgress{{}, "iid", 1, 3, 0.5, 2.0, run::RunProgress::Nodes{1, 2, 3, 4}});
    run.add(event("update_refused", {{"training", "iid"}, {"round", 2}, {"reason", "not_finite"}}));
    const auto state = report::live_state_json(run);
    CHECK(state.at("state") == "running");
    CHECK(state.at("progress").at("nodes").at("delivered") == 3);
    CHECK(state.at("trainings") == Json::parse(R"([{"state": "waiting", "refused_updates": 0},
                                                    {"state": "running", "refused_updates": 1}])"));
    CHECK(state.at("events") == Json{"2026-01-31T12:00:00Z update refused: training iid, round 2, reason not_finite"});
}

TEST_CASE("A point's scalars leave out what isn't known", "[report]")
{
    auto run = begun();
    run.add(line(1, 0.5));
    auto bare = line(2, std::nullopt);
    bare.costs.reset();
    run.add(bare);
    const auto tags = [&](std::size_t point) {
        std::vector<std::string> names;
        for (const auto& scalar : report::live_scalars(run.trainings()[1].points[point], run.facts().country))
            names.push_back(scalar.tag);
        return names;
    };
    CHECK(tags(0) == std::vector<std::string>{"accuracy/test", "loss/test", "loss/train", "round/participants",
                                              "cost/virtual_seconds", "cost/device_joules", "cost/network_joules",
                                              "cost/gco2e_USA"});
    CHECK(tags(1) == std::vector<std::string>{"loss/train", "round/participants", "cost/virtual_seconds"});
}

TEST_CASE("Metrics have HELP, TYPE and a line for each value that is known", "[report]")
{
    auto run = begun();
    run.add(line(1, 0.5));
    run.add(line(2, std::nullopt));
    const auto text = report::metrics_text(run);
    const auto has = [&](const std::string& part) { CHECK_THAT(text, Catch::Contains(part)); };
    has("# HELP fedgram_rounds_total ");
    has("# TYPE fedgram_rounds_total counter\nfedgram_rounds_total{training=\"iid\",kind=\"federated\"} 2\n");
    has("fedgram_test_accuracy_ratio{training=\"iid\",kind=\"federated\"} 0.5\n");
    has("fedgram_device_energy_joules_total{training=\"iid\",kind=\"federated\"} 200\n");
    has("fedgram_emissions_grams_total{training=\"iid\",kind=\"federated\",country=\"USA\"} 0.02\n");
    has("fedgram_run_state{state=\"starting\"} 1\n");
    CHECK_THAT(text, !Catch::Contains("{training=\"central\",kind") && !Catch::Contains("fedgram_round_nodes"));
    CHECK(text.back() == '\n');
}

TEST_CASE("Metrics have numbers that are none, and labels with quotes, as Prometheus writes them", "[report]")
{
    LiveRun run{{"a \"b\" \\ c\nd", "folder", 1, std::nullopt, "USA"}, {{"iid", run::TrainingKind::federated}}};
    auto diverged = line(1, 0.1);
    diverged.train_loss = std::numeric_limits<double>::quiet_NaN();
    diverged.evaluation->test_loss = std::numeric_limits<double>::infinity();
    run.add(diverged);
    const auto text = report::metrics_text(run);
    CHECK_THAT(text, Catch::Contains("fedgram_run_info{name=\"a \\\"b\\\" \\\\ c\\nd\",seed=\"1\"} 1\n"));
    CHECK_THAT(text, Catch::Contains("fedgram_train_loss{training=\"iid\",kind=\"federated\"} NaN\n"));
    CHECK_THAT(text, Catch::Contains("fedgram_test_loss{training=\"iid\",kind=\"federated\"} +Inf\n"));
    CHECK_THAT(text, !Catch::Contains("fedgram_target_accuracy_ratio"));
}
