#include "experiments/watching/run_follower.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/run/run_folder.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/written_run_folder.hpp"

using namespace fedgram;
using experiments::RunFollower;

namespace {

run::RoundLine line(std::uint32_t round)
{
    run::RoundLine line{"fl", round, run::RoundEvaluation{0.5, 0.4}, 0.5, 8, Seconds{2}, {}};
    line.costs = run::RoundCosts{Joules{100}, Joules{20}, GramsCO2e{0.01}, "USA"};
    return line;
}

std::vector<std::uint32_t> rounds_of(const RunFollower& follower)
{
    std::vector<std::uint32_t> rounds;
    for (const auto& point : follower.run().trainings()[1].points) rounds.push_back(point.round);
    return rounds;
}

using Rounds = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("A follower sees what a run's coordinator writes, as it comes", "[experiments]")
{
    const carbon::test::RunFolder written;
    written.remove("summary.json");
    RunFollower follower{written.path()};
    CHECK(follower.run().facts().name == "sample");
    CHECK(follower.run().facts().target == 0.9);
    CHECK(follower.run().facts().country == "USA");
    CHECK_FALSE(follower.look());
    CHECK(follower.run().state_name() == "starting");
    {
        run::RunFolder folder{written.path()};
        folder.append_event("started", {{"clients", 2}});
        folder.append(line(1));
        folder.write(run::RunProgress{{}, "fl", 1, 3, 0.5, 2.0, {}});
        CHECK(follower.look());
        CHECK(follower.run().state() == run::RunState::running);
        CHECK(rounds_of(follower) == Rounds{1});
        CHECK(follower.run().progress()->of_round == 0.5);
        CHECK(follower.run().event_count() == 1);
        CHECK_FALSE(follower.look());
        folder.append(line(2));
        CHECK(follower.look());
        CHECK(rounds_of(follower) == Rounds{1, 2});
        folder.remove_progress();
    }
    CHECK(follower.look());
    CHECK_FALSE(follower.run().progress());
    CHECK(follower.run().state() == run::RunState::failed);
}

TEST_CASE("A damaged line is said by its number in the file, and a folder that goes ends the following",
          "[experiments]")
{
    const carbon::test::RunFolder written;
    RunFollower follower{written.path()};
    const auto text = run::to_json_line(line(1)) + "\n" + run::to_json_line(line(2)) + "\n";
    written.write("rounds.jsonl", text);
    CHECK(follower.look());
    written.write("rounds.jsonl", text + "{}\n");
    CHECK_THROWS_WITH(follower.look(), Catch::Contains("rounds.jsonl:3: line"));
    written.write("rounds.jsonl", text);
    RunFollower second{written.path()};
    std::filesystem::rename(written.path() / "spec.json", written.path() / "moved");
    CHECK_THROWS_WITH(second.look(), Catch::Contains("nothing is left to follow"));
}

TEST_CASE("A follower knows how trainings ended, and looks at a folder of the first version", "[experiments]")
{
    const carbon::test::RunFolder written;
    RunFollower follower{written.path()};
    CHECK(follower.look());
    CHECK(follower.run().state_of(follower.run().trainings()[0]) == "target");
    CHECK(follower.run().state_of(follower.run().trainings()[1]) == "limit");
    const auto v1 = test::source_folder() / "tests/unit/run/fixture_v1";
    RunFollower old{v1};
    CHECK(old.look());
    CHECK(old.run().facts().country == "FRA");
    CHECK(old.run().trainings().back().points.size() > 0);
}

TEST_CASE("A follower forgets rounds that a resumed run cut back, also where it has done others since", "[experiments]")
{
    const carbon::test::RunFolder written;
    RunFollower follower{written.path()};
    std::string text;
    for (std::uint32_t round = 1; round <= 4; ++round) text += run::to_json_line(line(round)) + "\n";
    written.write("rounds.jsonl", text);
    CHECK(follower.look());
    CHECK(rounds_of(follower) == Rounds{1, 2, 3, 4});

    written.write("rounds.jsonl", run::to_json_line(line(1)) + "\n");
    CHECK(follower.look());
    CHECK(rounds_of(follower) == Rounds{1});
    CHECK(follower.run().edition() == 1);

    text.clear();
    for (std::uint32_t round = 5; round <= 9; ++round) text += run::to_json_line(line(round)) + "\n";
    written.write("rounds.jsonl", text);
    CHECK(follower.look());
    CHECK(rounds_of(follower) == Rounds{5, 6, 7, 8, 9});
    CHECK(follower.run().edition() == 2);
}

TEST_CASE("A follower waits for the rest of a line", "[experiments]")
{
    const carbon::test::RunFolder written;
    RunFollower follower{written.path()};
    const auto text = run::to_json_line(line(1)) + "\n" + run::to_json_line(line(2)) + "\n";
    written.write("rounds.jsonl", text.substr(0, text.size() - 20));
    CHECK(follower.look());
    CHECK(rounds_of(follower) == Rounds{1});
    written.write("rounds.jsonl", text);
    CHECK(follower.look());
    CHECK(rounds_of(follower) == Rounds{1, 2});
    CHECK(follower.run().edition() == 0);
}

TEST_CASE("A follower does without a progress.json that is damaged, and says which line of rounds is", "[experiments]")
{
    const carbon::test::RunFolder written;
    RunFollower follower{written.path()};
    written.write("progress.json", "{");
    CHECK(follower.look());
    CHECK_FALSE(follower.run().progress());
    written.write("rounds.jsonl", "{\"training\": 1}\n");
    CHECK_THROWS_WITH(follower.look(), Catch::Contains("rounds.jsonl:1: line"));
    std::filesystem::remove(written.path() / "rounds.jsonl");
    std::filesystem::create_directory(written.path() / "rounds.jsonl");
    CHECK_THROWS_WITH(RunFollower{written.path()}.look(), Catch::Contains("rounds.jsonl is no file"));
    const test::TemporaryFolder empty;
    CHECK_THROWS_WITH(RunFollower{empty.path()}, Catch::Contains("is no run folder"));
}
