#include "common/learning/pruning/gradual_sparsity.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

SparsityRamp ramp(std::uint64_t first, std::uint64_t last, std::uint64_t frequency)
{
    return {
        .initial_sparsity = 0, .final_sparsity = .8, .first_step = first, .last_step = last, .frequency = frequency};
}

}  // namespace

TEST_CASE("sparsity grows by the cubic from the first step to the last", "[pruning]")
{
    // By hand: 0.8 (1 - (1 - p)^3) at p = 0, 1/4, ..., 1.
    const GradualSparsity gradual{ramp(10, 110, 25)};
    CHECK(gradual.at(10) == 0);
    CHECK(*gradual.at(35) == Approx(.4625));
    CHECK(*gradual.at(60) == Approx(.7));
    CHECK(*gradual.at(85) == Approx(.7875));
    CHECK(gradual.at(110) == .8);
    const GradualSparsity from_half{
        {.initial_sparsity = .5, .final_sparsity = .9, .first_step = 0, .last_step = 2, .frequency = 1}};
    CHECK(from_half.at(0) == .5);
    CHECK(*from_half.at(1) == Approx(.85));  // 0.9 - 0.4 / 8
    CHECK(from_half.at(2) == .9);
}

TEST_CASE("a mask is made on the grid and at the last step alone", "[pruning]")
{
    const GradualSparsity gradual{ramp(10, 110, 25)};
    for (const std::uint64_t step : {0U, 9U, 11U, 34U, 36U, 109U, 111U, 135U}) CHECK_FALSE(gradual.at(step));
}

TEST_CASE("a frequency that doesn't divide the span meets the target all the same", "[pruning]")
{
    // The grid of 0, 30, 60, 90 ends at p = 0.9, and by itself would miss 0.8 by 0.8 x 0.1^3.
    const GradualSparsity gradual{ramp(0, 100, 30)};
    CHECK(.8 - *gradual.at(90) == Approx(.8 * std::pow(.1, 3)));
    CHECK(gradual.at(100) == .8);
    CHECK_FALSE(gradual.at(120));
    const GradualSparsity longer{ramp(0, 100, 1000)};
    CHECK(longer.at(0) == 0);
    CHECK(longer.at(100) == .8);
}

TEST_CASE("a ramp that can't be climbed is refused by name", "[pruning]")
{
    auto wrong = ramp(0, 10, 1);
    wrong.final_sparsity = 1;
    CHECK_THROWS_AS(GradualSparsity{wrong}, SpecError);
    CHECK_THROWS_WITH(GradualSparsity{wrong},
                      "final_sparsity: 1 is no share of weights that can go; use a number from 0 to below 1");
    wrong.final_sparsity = .5;
    wrong.initial_sparsity = .6;
    CHECK_THROWS_WITH(GradualSparsity{wrong},
                      "final_sparsity: 0.5 is below initial_sparsity, 0.6; what is pruned stays so");
    wrong.initial_sparsity = -1;
    CHECK_THROWS_WITH(GradualSparsity{wrong}, Catch::StartsWith("initial_sparsity: -1 is no share"));
    CHECK_THROWS_WITH((GradualSparsity{ramp(7, 7, 1)}), "last_step: 7 is not behind first_step, 7; use a later one");
    CHECK_THROWS_WITH((GradualSparsity{ramp(0, 7, 0)}), "frequency: 0 steps lie between no two masks; use at least 1");
}
