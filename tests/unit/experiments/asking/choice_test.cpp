#include "experiments/asking/choice.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace fedgram::experiments;

namespace {

/// A run that is at `accuracy` from its first round on, and emits `grams` a round.
CandidateRun run(std::uint64_t seed, double accuracy, double grams)
{
    return {seed, {.points = {{1, accuracy, grams}, {2, accuracy, 2 * grams}}}};
}

Candidates candidates()
{
    return {.keys = {"epochs", "alpha"},
            .list = {{"epochs 1, alpha 1", "fl", {"1", "1"}, {run(1, 0.9, 10), run(2, 0.9, 12)}},
                     {"epochs 5, alpha 1", "fl", {"5", "1"}, {run(1, 0.9, 5), run(2, 0.9, 6)}},
                     {"epochs 1, alpha 9", "fl", {"1", "9"}, {run(1, 0.9, 11), run(2, 0.9, 11)}},
                     {"epochs 5, alpha 9", "fl", {"5", "9"}, {run(1, 0.9, 1), run(2, 0.7, 1)}}},
            .country = "USA",
            .evaluated_on = "validation"};
}

const Objective greenest{.kind = Objective::Kind::greenest, .min_accuracy = 0.8};

}  // namespace

TEST_CASE("The greenest gets there in each of its seeds", "[asking]")
{
    const auto choice = choose(candidates(), greenest);
    CHECK(choice.answering == 3);
    CHECK(choice.standings[0].name == "epochs 5, alpha 1");
    CHECK(choice.standings[0].gco2e.mean == Approx(5.5));
    // The cheapest one of all has a seed that never gets there: a lower bound, and behind those that answer.
    CHECK(choice.standings[3].name == "epochs 5, alpha 9");
    CHECK(choice.standings[3].gco2e.is_lower_bound());
    REQUIRE(choice.next);
    CHECK(choice.next->more == 2);
    CHECK(*choice.next->mean_difference == Approx(5.5));
}

// By hand, over the three that answer: epochs 1 has 11 and 11, epochs 5 has 5.5: a factor of 2; alpha 1 has the root of
// 11 x 5.5, alpha 9 has 11.
TEST_CASE("Keys are ranked by how far they move the grams", "[asking]")
{
    const auto choice = choose(candidates(), greenest);
    REQUIRE(choice.influences.size() == 2);
    CHECK(choice.influences[0].key == "epochs");
    CHECK(choice.influences[0].factor == Approx(2));
    CHECK(choice.influences[0].share == Approx(1));
    CHECK(choice.influences[0].least == "5");
    CHECK(choice.influences[1].factor == Approx(std::sqrt(2.0)));
}

// By hand: below 3, grams of 1 and 4, whose geometric mean is 2; from 3 on, 8 and 2, whose is 4.
TEST_CASE("Values that were drawn are looked at in two halves", "[asking]")
{
    Candidates drawn{.keys = {"rate"}, .country = "USA", .evaluated_on = "test"};
    for (const auto& [rate, grams] :
         std::vector<std::pair<std::string, double>>{{"1", 1}, {"2", 4}, {"3", 8}, {"4", 2}})
        drawn.list.push_back({"rate " + rate, "fl", {rate}, {run(1, 0.9, grams)}});
    const auto choice = choose(drawn, greenest);
    REQUIRE(choice.influences.size() == 1);
    CHECK(choice.influences[0].factor == Approx(2));
    CHECK(choice.influences[0].most == "from 3.00 on");
}

TEST_CASE("An answer is a sentence for a paper", "[asking]")
{
    const auto sentences = choice_sentences(candidates(), greenest, choose(candidates(), greenest));
    REQUIRE(sentences.size() == 4);
    CHECK(sentences[0] ==
          "Of 4 settings, epochs 5, alpha 1 emits least on the way to 80.0 % validation accuracy: 5.50 g (95 % "
          "confidence 0 to 11.9, 2 seeds), in USA, on the first device of each training.");
    CHECK_THAT(sentences[2], Catch::StartsWith("1 does not get there in each seed"));
    CHECK_THAT(sentences[3], Catch::StartsWith("What moves the grams most: epochs, a factor of 2.00 between 5 and 1"));

    auto by_test_set = candidates();
    by_test_set.evaluated_on = "test";
    CHECK_THAT(choice_sentences(by_test_set, greenest, choose(by_test_set, greenest)).back(),
               Catch::StartsWith("This chooses by the test set"));
    const Objective too_much{.kind = Objective::Kind::greenest, .min_accuracy = 0.99};
    CHECK(choice_sentences(candidates(), too_much, choose(candidates(), too_much)).front() ==
          "Of 4 settings, none gets there in each of its seeds: 99.0 % validation accuracy.");
}
