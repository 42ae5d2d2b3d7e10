#include "common/learning/pruning/round_sparsity.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::learning;

TEST_CASE("the share grows by the cubic from the first round that prunes to the last, and stays", "[pruning]")
{
    // By hand: 0.8 (1 - (1 - p)^3) at p = 1/4, 2/4, 3/4 and 1.
    const spec::Pruning pruning{.sparsity = .8, .from_round = 3, .to_round = 6};
    for (const std::uint32_t round : {0U, 1U, 2U}) CHECK(sparsity_behind(pruning, round) == 0);
    CHECK(sparsity_behind(pruning, 3) == Approx(.4625));
    CHECK(sparsity_behind(pruning, 4) == Approx(.7));
    CHECK(sparsity_behind(pruning, 5) == Approx(.7875));
    for (const std::uint32_t round : {6U, 7U, 1000U}) CHECK(sparsity_behind(pruning, round) == .8);
}

TEST_CASE("between two masks the share is the earlier one's, and the last mask is at the last round", "[pruning]")
{
    // Masks at 1, 5, 9 and 11: p = 4/14, 8/14, 12/14 and 1.
    const spec::Pruning pruning{.sparsity = .8, .from_round = 1, .to_round = 11, .every_rounds = 4};
    CHECK(sparsity_behind(pruning, 1) == Approx(.8 * (1 - std::pow(10 / 14., 3))));
    for (const std::uint32_t round : {2U, 3U, 4U})
        CHECK(sparsity_behind(pruning, round) == sparsity_behind(pruning, 1));
    CHECK(sparsity_behind(pruning, 5) == Approx(.8 * (1 - std::pow(6 / 14., 3))));
    CHECK(sparsity_behind(pruning, 10) == Approx(.8 * (1 - std::pow(2 / 14., 3))));
    CHECK(sparsity_behind(pruning, 11) == .8);
}

TEST_CASE("one round alone takes all that goes", "[pruning]")
{
    const spec::Pruning pruning{.sparsity = .5, .from_round = 2, .to_round = 2, .every_rounds = 7};
    CHECK(sparsity_behind(pruning, 1) == 0);
    CHECK(sparsity_behind(pruning, 2) == .5);
    CHECK(sparsity_behind(pruning, 3) == .5);
}
