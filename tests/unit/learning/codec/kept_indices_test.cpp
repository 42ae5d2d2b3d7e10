#include "common/learning/codec/kept_indices.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::learning;

using Indices = std::vector<std::uint32_t>;

TEST_CASE("the largest magnitudes are kept in their order, and of equal ones the first", "[codec]")
{
    const std::vector<float> values{1, -3, 2, 3, -2, 2};
    CHECK(largest_magnitudes(values, 1) == Indices{1});
    CHECK(largest_magnitudes(values, 2) == Indices{1, 3});
    CHECK(largest_magnitudes(values, 3) == Indices{1, 2, 3});
    CHECK(largest_magnitudes(values, 4) == Indices{1, 2, 3, 4});
    CHECK(largest_magnitudes(values, 6) == Indices{0, 1, 2, 3, 4, 5});
    CHECK(largest_magnitudes(std::vector<float>(5), 2) == Indices{0, 1});
}

TEST_CASE("the largest magnitudes are those that a stable sort puts first", "[codec]")
{
    Stream random{3, Purpose::probe};
    for (int trial = 0; trial < 50; ++trial) {
        std::vector<float> values(1 + random.below(200));
        for (auto& value : values) value = static_cast<float>(random.below(21)) - 10;  // many ties
        const auto count = static_cast<std::uint32_t>(1 + random.below(values.size()));
        Indices sorted(values.size());
        std::iota(sorted.begin(), sorted.end(), 0u);
        std::ranges::stable_sort(sorted, [&](auto a, auto b) { return std::fabs(values[a]) > std::fabs(values[b]); });
        sorted.resize(count);
        std::ranges::sort(sorted);
        REQUIRE(largest_magnitudes(values, count) == sorted);
    }
}

TEST_CASE("random indices are as many different ones as are wanted, ascending", "[codec]")
{
    for (const std::uint32_t count : {1u, 10u, 63u, 64u, 100u, 200u}) {
        Stream random{count, Purpose::random_k};
        const auto indices = random_indices(random, count, 200);
        REQUIRE(indices.size() == count);
        CHECK(std::ranges::adjacent_find(indices, std::ranges::greater_equal{}) == indices.end());
        CHECK(indices.back() < 200);
    }
}

TEST_CASE("each set of random indices is as likely as any other", "[codec]")
{
    Stream random{1, Purpose::random_k};
    std::vector<int> counts(32);
    constexpr int draws = 20000;
    for (int i = 0; i < draws; ++i) {
        std::uint32_t set = 0;
        for (const auto index : random_indices(random, 2, 5)) set |= 1u << index;
        ++counts[set];
    }
    // Ten pairs of five, 2000 times each; a standard deviation is sqrt(20000 x 0.1 x 0.9) = 42.
    CHECK(std::ranges::count(counts, 0) == 22);
    for (const auto count : counts)
        if (count != 0) CHECK(std::abs(count - 2000) < 5 * 42);
}
