#include "coordinator/trainings/progress_line.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using coordinator::progress_line;

namespace {

constexpr std::size_t wide = 200;

// 7 of 60 rounds and 3 of the 10 nodes of the next one, at 0.5 rounds a second: (60 - 7.3) / 0.5 = 105.4 s are left.
run::RunProgress seventh_round() { return {{}, "noniid", 7, 60, 0.3, 0.5, run::RunProgress::Nodes{2, 5, 3, 0}}; }

}  // namespace

TEST_CASE("A line of progress has the round, the nodes, the rate and the time that is left", "[coordinator]")
{
    // 7.3 / 60 of 12 characters are 1.5.
    CHECK(progress_line(seventh_round(), wide, false) ==
          "noniid  round 8/60  [#-----------]  3/10 nodes  2.0 s/round  at most 2 min left");
}

TEST_CASE("A line of progress without a rate says nothing of time, and one of a centralized training nothing of nodes",
          "[coordinator]")
{
    CHECK(progress_line({{}, "centralized", 0, 4, 0, {}, {}}, wide, false) == "centralized  round 1/4  [------------]");
    // 1 of 4 rounds and a half at 3 rounds a second.
    CHECK(progress_line({{}, "centralized", 1, 4, 0.5, 3.0, {}}, wide, false) ==
          "centralized  round 2/4  [####--------]  3.0 rounds/s  at most 1 s left");
}

TEST_CASE("A narrow terminal loses the bar, the rate, the nodes and the time left, in that order", "[coordinator]")
{
    const auto at = [](std::size_t width) { return progress_line(seventh_round(), width, false); };
    CHECK(at(79) == at(wide));
    CHECK(at(78) == "noniid  round 8/60  3/10 nodes  2.0 s/round  at most 2 min left");
    CHECK(at(60) == "noniid  round 8/60  3/10 nodes  at most 2 min left");
    CHECK(at(40) == "noniid  round 8/60  at most 2 min left");
    CHECK(at(30) == "noniid  round 8/60");
    CHECK(at(15) == "non  round 8/60");
    CHECK(at(0).empty());
}

TEST_CASE("Colour is in the done part of the bar, and takes no columns", "[coordinator]")
{
    CHECK(progress_line(seventh_round(), 79, true) ==
          "noniid  round 8/60  [\033[32m#\033[0m-----------]  3/10 nodes  2.0 s/round  at most 2 min left");
    CHECK(progress_line(seventh_round(), 30, true) == "noniid  round 8/60");
}

TEST_CASE("After the last round the line still names that one", "[coordinator]")
{
    CHECK(progress_line({{}, "iid", 4, 4, 0, 1.0, {}}, wide, false) ==
          "iid  round 4/4  [############]  1.0 rounds/s  at most 0 s left");
}

TEST_CASE("What has come of a round is said in full where there is room, and without what matters less where not",
          "[coordinator]")
{
    const coordinator::EvaluatedRound round{.label = "noniid",
                                            .round = 7,
                                            .most_rounds = 60,
                                            .accuracy = 0.78561,
                                            .test_loss = 0.5576,
                                            .spent = Joules{623},
                                            .emissions = GramsCO2e{0.0664},
                                            .country = "USA",
                                            .elapsed = std::chrono::seconds{14},
                                            .most_seconds_left = 106};
    const auto at = [&](std::size_t width) { return coordinator::evaluation_line(round, width); };
    CHECK(at(wide) ==
          "noniid                 7/60  accuracy 0.7856  loss 0.5576    0.623 kJ  0.0664 gCO2e (USA)  14 s  "
          "at most 2 min left");
    CHECK(at(82) == "noniid                 7/60  accuracy 0.7856    0.623 kJ  0.0664 gCO2e (USA)  14 s");
    CHECK(at(80) == "noniid                 7/60  accuracy 0.7856    0.623 kJ  0.0664 gCO2e (USA)");
    CHECK(at(70) == "noniid                 7/60  accuracy 0.7856  0.0664 gCO2e (USA)");
    CHECK(at(40) == "noniid 7/60 accuracy 0.7856");
    CHECK(at(25) == "noni 7/60 accuracy 0.7856");
}

TEST_CASE("Grams that nobody knows are said to be unknown", "[coordinator]")
{
    coordinator::EvaluatedRound round;
    round.country = "DEU";
    CHECK_THAT(coordinator::evaluation_line(round, wide), Catch::Contains("unknown gCO2e (DEU)"));
}
