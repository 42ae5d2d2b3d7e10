#include "experiments/launch/slurm/task_fate.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::experiments::slurm;
using Kind = TaskFate::Kind;

namespace {

TaskEnd ended(int code) { return {code, "node2", "12_3"}; }

}  // namespace

TEST_CASE("A task's own word counts, wherever the queue has it")
{
    CHECK(fate_of(ended(0), 0).kind == Kind::good);
    CHECK(fate_of(ended(0), 9).kind == Kind::good);
    const auto failed = fate_of(ended(5), 0);
    CHECK(failed.kind == Kind::bad);
    CHECK(failed.how == "exit code 5 on node2 (job 12_3)");
}

TEST_CASE("A task that was told to end, and is queued again, is waited for")
{
    CHECK(fate_of(ended(143), 0).kind == Kind::waits);
    CHECK(fate_of(std::nullopt, 0).kind == Kind::waits);
    // A single look may come between two states, or before a file has come over the network.
    CHECK(fate_of(std::nullopt, 1).kind == Kind::waits);
    CHECK(fate_of(std::nullopt, 2).kind == Kind::asked_after);
    CHECK(fate_of(ended(137), 2).kind == Kind::asked_after);
}

TEST_CASE("A lost task is put in three times again, then given up with what Slurm says")
{
    const JobRecord lost{"NODE_FAIL", "None", "0:0", "node2"};
    for (unsigned tries = 0; tries < 3; ++tries)
        CHECK(fate_of_lost("12_3", lost, std::nullopt, tries).kind == Kind::put_in_again);
    const auto given_up = fate_of_lost("12_3", lost, ended(137), 3);
    CHECK(given_up.kind == Kind::bad);
    CHECK(given_up.how ==
          "lost 4 times, at last as job 12_3: exit code 137 on node2 (job 12_3), and Slurm says NODE_FAIL on node2; "
          "the same command goes on with it");
    CHECK_THAT(fate_of_lost("12_3", std::nullopt, std::nullopt, 3).how, Catch::Contains("says nothing of it any more"));
}

TEST_CASE("What somebody has cancelled isn't put in again")
{
    const auto fate = fate_of_lost("12_3", JobRecord{"CANCELLED", "None", "0:0", ""}, ended(143), 0);
    CHECK(fate.kind == Kind::bad);
    CHECK(fate.how == "job 12_3 was cancelled; the same command goes on with it");
}
