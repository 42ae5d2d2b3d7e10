#include "common/run/earlier_stop.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::run;

namespace {

RoundLine line(const std::string& label, std::uint32_t round, std::optional<double> accuracy)
{
    RoundLine result{label, round, std::nullopt, 1, 2, Seconds{1}};
    if (accuracy) result.evaluation = RoundEvaluation{*accuracy, 1};
    return result;
}

/// Two federated rounds more than the sample has.
RunRecord longer_run()
{
    auto run = carbon::test::run();
    run.trainings[1].work = carbon::test::work_of(carbon::test::federated_lines(3));
    run.trainings[1].outcome.rounds = 3;
    return run;
}

const std::vector<RoundLine> rounds{line("central", 1, 0.7),   line("central", 2, 0.71), line("central", 3, 0.72),
                                    line("central", 4, 0.905), line("fl", 1, 0.6),       line("fl", 2, 0.86),
                                    line("fl", 3, 0.85)};

}  // namespace

TEST_CASE("A training ends where it first reaches another target, with the work up to there")
{
    auto run = longer_run();
    REQUIRE(run.trainings[1].work.rounds.size() == 3);
    stop_at(run, rounds, 0.8);
    CHECK(run.target == 0.8);
    const auto& outcome = run.trainings[1].outcome;
    CHECK(outcome.reached_target == true);
    CHECK(outcome.rounds == 2);
    CHECK(outcome.test_accuracy == 0.86);
    CHECK(run.trainings[1].work.rounds.size() == 2);
    CHECK(run.trainings[1].work.last_round() == 2);
    CHECK_FALSE(run.notes.empty());
}

TEST_CASE("By two evaluations in a row it ends later, and one that never gets there isn't cut")
{
    auto run = longer_run();
    run.evaluations_in_a_row = 2;
    const auto central = run.trainings[0].work;
    stop_at(run, rounds, 0.8);
    CHECK(run.trainings[1].outcome.rounds == 3);
    CHECK(run.trainings[0].outcome.reached_target == false);
    CHECK(run.trainings[0].work == central);
}

TEST_CASE("A target above the run's own can't be told, and one that is none is refused")
{
    auto run = longer_run();
    CHECK_THROWS_WITH(stop_at(run, rounds, 0.95), Catch::Contains("0.95 is above 0.9, at which"));
    CHECK_THROWS_WITH(stop_at(run, rounds, 1.5), Catch::Contains("use a number between 0 and 1"));
    run.target.reset();
    CHECK_NOTHROW(stop_at(run, rounds, 0.95));
    CHECK(run.trainings[1].outcome.reached_target == false);
}

TEST_CASE("Rounds that are missing from rounds.jsonl are damage, not another stop")
{
    auto run = longer_run();
    auto lost = rounds;
    lost.erase(lost.begin() + 5);
    CHECK_THROWS_WITH(stop_at(run, lost, 0.8),
                      "rounds.jsonl: round 3 of \"fl\" stands where round 2 belongs; the file is damaged");
    lost = rounds;
    lost.pop_back();
    CHECK_THROWS_WITH(stop_at(run, lost, 0.8),
                      "rounds.jsonl: \"fl\" ends after round 2, and has 3 in summary.json; the file is cut off");
}
