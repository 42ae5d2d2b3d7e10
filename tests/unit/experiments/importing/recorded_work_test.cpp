#include "experiments/importing/recorded_work.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::experiments;

namespace {

const std::string heading = "training,round,node,samples,steps,flops,bytes_down,bytes_up\n";

std::string error_of(const std::string& text)
{
    try {
        static_cast<void>(parse_recorded_work(text, "work.csv"));
    } catch (const DataError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("Recorded work is read by training, round and node, whatever the order of rows and columns", "[experiments]")
{
    const auto work = parse_recorded_work(
        "\xEF\xBB\xBFround,training,node,samples,steps,flops,bytes_down,bytes_up,test_accuracy,kernels\r\n"
        "2,fl,7,60,2,1.5e9,1000,2000,0.75,8\r\n"
        "1,fl,7,60,2,1.5e9,1000,2000,,8\r\n"
        "1,central,,600,20,15000000000,0,0,0.8,80\r\n"
        "2,fl,3,40,2,1e9,1000,2000,0.75,8\r\n",
        "work.csv");
    REQUIRE(work.trainings.size() == 2);
    const auto& fl = work.trainings[0];
    CHECK(fl.label == "fl");
    CHECK(fl.kind == run::TrainingKind::federated);
    REQUIRE(fl.rounds.size() == 2);
    CHECK_FALSE(fl.rounds[0].test_accuracy);
    CHECK(fl.rounds[1].test_accuracy == 0.75);
    REQUIRE(fl.rounds[1].nodes.size() == 2);
    CHECK(fl.rounds[1].nodes[0].node == 3);
    CHECK(fl.rounds[1].nodes[1].train == energy::Work{.samples = 60, .steps = 2, .flops = 1'500'000'000, .kernels = 8});
    CHECK(fl.rounds[1].nodes[1].bytes_down == 1000);
    CHECK(fl.rounds[1].nodes[1].bytes_up == 2000);
    const auto& central = work.trainings[1];
    CHECK(central.kind == run::TrainingKind::centralized);
    CHECK(central.rounds[0].nodes[0].train.flops == 15'000'000'000);
    CHECK(work.lacks == std::vector<std::string>{"memory_bytes"});
}

TEST_CASE("Recorded work that isn't as it must be is refused with its line and what would be right", "[experiments]")
{
    CHECK(
        error_of("training,round\n") ==
        "work.csv:1: no column \"node\"; it needs training, round, node, samples, steps, flops, bytes_down, bytes_up");
    CHECK(error_of("training,round,node,samples,steps,flop,bytes_down,bytes_up\n") ==
          "work.csv:1: unknown column \"flop\"; the columns are training, round, node, samples, steps, flops, "
          "bytes_down, "
          "bytes_up, kernels, memory_bytes, test_accuracy");
    CHECK(error_of("round," + heading) == "work.csv:1: column \"round\" stands twice");
    CHECK(error_of(heading) == "work.csv: no row below the heading");
    CHECK(error_of(heading + "fl,1,0,60,2,1.5,0,0\n") ==
          "work.csv:2: flops: \"1.5\" is not valid; use a whole number of at least 0");
    CHECK(error_of(heading + "fl,1,0,60,2,1e30,0,0\n") ==
          "work.csv:2: flops: \"1e30\" is not valid; use a whole number of at most 9.2e18");
    CHECK(error_of(heading + "fl,1,0,60,0,1,0,0\n") ==
          "work.csv:2: samples, steps and flops are all 0, where nothing was trained, or none of them is");
    CHECK(error_of(heading + "fl,1,0,60,2,1,0,0\n\nfl,1,1,60,2,1,0,0\n") ==
          "work.csv:3: the line is empty; leave it out");
    CHECK(error_of(heading + "fl,1,0,60,2,-1,0,0\n") ==
          "work.csv:2: flops: \"-1\" is not valid; use a whole number of at least 0");
    CHECK(error_of(heading + "fl,1,0,60,2,,0,0\n") ==
          "work.csv:2: flops: \"\" is not valid; use a whole number of at least 0");
    CHECK(error_of(heading + "fl,0,0,60,2,1,0,0\n") ==
          "work.csv:2: round: \"0\" is not valid; use a whole number from 1 to 4294967295");
    CHECK(
        error_of(heading + "../fl,1,0,60,2,1,0,0\n") ==
        "work.csv:2: training: \"../fl\" is not valid; use letters, digits, - and _, beginning with a letter or digit, "
        "64 at most");
    CHECK(error_of(heading + "fl,1,0,60,2,1,0,0\nfl,1,0,60,2,1,0,0\n") ==
          "work.csv:3: \"fl\", round 1, node 0 stands in line 2 already");
    CHECK(
        error_of(heading + "fl,1,0,60,2,1,0,0\nfl,3,0,60,2,1,0,0\n") ==
        "work.csv: \"fl\" has no round 2, and goes on to 3; rounds are 1, 2, 3, ...: a row of zeros stands for one in "
        "which nothing was done");
    CHECK(error_of(heading + "fl,1,0,60,2,1,0,0\nfl,2,,60,2,1,0,0\n") ==
          "work.csv:3: node: \"\" in \"fl\", whose rows above name one; every row of a federated training has a node, "
          "none "
          "of a centralized one");
    CHECK(error_of(heading + "central,1,,60,2,1,5,0\n") ==
          "work.csv:2: bytes_down and bytes_up of a training without nodes must be 0: what it sends is not counted");
    CHECK(error_of(heading + "fl,1,0,60,2,9e18,0,0\nfl,1,1,60,2,9e18,0,0\n") ==
          "work.csv:3: flops: the sum over \"fl\" goes beyond 9.2e18, which is all that a ledger holds");
    CHECK(error_of(heading + "fl,1,0,60,2,1,0\n") == "work.csv:2: 7 fields are fewer than the heading's");
    CHECK(error_of(heading + "fl,1,0,60,2,1,0,0,9\n") == "work.csv:2: 9 fields are more than the heading's 8");
}

TEST_CASE("A test accuracy is a fraction, and one for all rows of a round", "[experiments]")
{
    const auto with = "training,round,node,samples,steps,flops,bytes_down,bytes_up,test_accuracy\n";
    CHECK(error_of(std::string{with} + "fl,1,0,60,2,1,0,0,85.3\n") ==
          "work.csv:2: test_accuracy: \"85.3\" is not valid; use a fraction of 1, as 0.853, or nothing");
    CHECK(
        error_of(std::string{with} + "fl,1,0,60,2,1,0,0,0.8\nfl,1,1,60,2,1,0,0,0.7\n") ==
        "work.csv:3: test_accuracy: \"0.7\" is not valid; use that of line 2: a round's rows share one test accuracy");
}
