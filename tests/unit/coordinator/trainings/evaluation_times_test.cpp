#include "coordinator/trainings/evaluation_times.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace fedgram;
using coordinator::enters_further_span;
using coordinator::is_evaluated_behind;

TEST_CASE("Of the rounds that end in one span of virtual time the first is evaluated", "[coordinator]")
{
    // Rounds of 50 s, every 2 minutes: those that end at 150, 250, 400 s, as 120 to 240, 240 to 360, 360 to 480 s ...
    std::vector<int> evaluated;
    for (int end = 50; end <= 400; end += 50)
        if (enters_further_span(Seconds{end - 50.0}, Seconds{end + 0.0}, 2)) evaluated.push_back(end);
    CHECK(evaluated == std::vector{150, 250, 400});
    // A round that ends with a span is the next one's.
    CHECK(enters_further_span(Seconds{60}, Seconds{120}, 2));
    CHECK_FALSE(enters_further_span(Seconds{120}, Seconds{180}, 2));
    // One that is longer than a span is evaluated once, like any other.
    CHECK(enters_further_span(Seconds{10}, Seconds{1'000}, 2));
}

TEST_CASE("Every so many rounds are evaluated, or by virtual time in their place, and the last one always",
          "[coordinator]")
{
    spec::Federated rule;
    rule.max_rounds = 7;
    rule.evaluate_every_rounds = 3;
    const auto evaluated = [&rule] {
        std::vector<int> rounds;
        for (int round = 1; round <= 7; ++round)
            if (is_evaluated_behind(rule, static_cast<std::uint32_t>(round), Seconds{50.0 * (round - 1)},
                                    Seconds{50.0 * round}))
                rounds.push_back(round);
        return rounds;
    };
    CHECK(evaluated() == std::vector{3, 6, 7});
    rule.evaluate_every_virtual_minutes = 2;  // 120, 240 and 360 s are in or at the end of rounds 3, 5 and 8
    CHECK(evaluated() == std::vector{3, 5, 7});
}
