#include "datasets/partition/apportion.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::datasets;
using Counts = std::vector<std::uint32_t>;

TEST_CASE("What the rounded quotas leave goes to the largest remainders", "[datasets]")
{
    // Quotas 1.5, 3.3, 5.2: rounded down 1 + 3 + 5 = 9, and the tenth to the first.
    CHECK(apportion(10, std::vector{0.15, 0.33, 0.52}) == Counts{2, 3, 5});
    // Weights need not sum to one: quotas 2, 4, 6.
    CHECK(apportion(12, std::vector{1.0, 2.0, 3.0}) == Counts{2, 4, 6});
    // A tie goes to the first.
    CHECK(apportion(3, std::vector{1.0, 1.0}) == Counts{2, 1});
    CHECK(apportion(0, std::vector{1.0, 1.0}) == Counts{0, 0});
    CHECK(apportion(5, std::vector{0.0, 1.0}) == Counts{0, 5});
}

TEST_CASE("Even parts differ by at most one", "[datasets]")
{
    CHECK(apportion_evenly(11, 4) == Counts{3, 3, 3, 2});
    CHECK(apportion_evenly(2, 3) == Counts{1, 1, 0});
}
