#include "experiments/search/rungs.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::experiments;

// The tables of Hyperband's authors, for one and for two powers of 3.
TEST_CASE("Hyperband's brackets of 81 and of 243 rounds", "[search]")
{
    CHECK(hyperband_brackets(81, 3) == std::vector<Bracket>{{{81, 1}, {27, 3}, {9, 9}, {3, 27}, {1, 81}},
                                                            {{34, 3}, {11, 9}, {3, 27}, {1, 81}},
                                                            {{15, 9}, {5, 27}, {1, 81}},
                                                            {{8, 27}, {2, 81}},
                                                            {{5, 81}}});
    // log(243) / log(3) is 4.999... in floating point, which would lose this first bracket.
    const auto brackets = hyperband_brackets(243, 3);
    REQUIRE(brackets.size() == 6);
    CHECK(brackets.front() == Bracket{{243, 1}, {81, 3}, {27, 9}, {9, 27}, {3, 81}, {1, 243}});
    CHECK(brackets.back() == Bracket{{6, 243}});
    CHECK(hyperband_brackets(1000, 10).size() == 4);
}

TEST_CASE("A bracket that resumes pays the difference: 297 rounds, where it would be 405 from the start each time",
          "[search]")
{
    const auto bracket = hyperband_brackets(81, 3).front();
    CHECK(rounds_of(bracket) == 297);
    std::uint64_t anew = 0;
    for (const auto& rung : bracket) anew += std::uint64_t{rung.trials} * rung.rounds;
    CHECK(anew == 405);
}

TEST_CASE("A bracket whose most rounds are no power of eta ends at them", "[search]")
{
    CHECK(rung_rounds(2, 20, 3) == std::vector<std::uint32_t>{2, 6, 18, 20});
    CHECK(rung_rounds(5, 5, 2) == std::vector<std::uint32_t>{5});
    CHECK(halving_bracket(9, 1, 9, 3) == Bracket{{9, 1}, {3, 3}, {1, 9}});
    CHECK(halving_bracket(4, 1, 81, 3) == Bracket{{4, 1}, {1, 3}});  // nobody is left for more
    CHECK(hyperband_brackets(10, 3).front() == Bracket{{9, 1}, {3, 3}, {1, 10}});
}
