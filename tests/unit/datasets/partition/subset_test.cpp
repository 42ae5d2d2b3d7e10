#include <catch2/catch.hpp>

#include <algorithm>

#include "common/error/error.hpp"
#include "datasets/partition/subset.hpp"
#include "datasets/readers/dataset.hpp"

using namespace fedgram;
using namespace fedgram::datasets;

namespace {

/// 600 of class 0, 300 of class 1, 100 of class 2, mixed.
std::vector<std::uint8_t> uneven_labels()
{
    std::vector<std::uint8_t> labels;
    for (int i = 0; i < 1000; ++i) labels.push_back(i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2);
    return labels;
}

}  // namespace

TEST_CASE("A subset keeps the classes' shares", "[datasets]")
{
    const auto labels = uneven_labels();
    const auto chosen = subset(labels, 3, 100, 1);
    REQUIRE(chosen.size() == 100);
    std::vector<int> counts(3);
    for (const auto i : chosen) ++counts[labels[i]];
    CHECK(counts == std::vector{60, 30, 10});
}

TEST_CASE("A subset holds each sample at most once, in ascending order", "[datasets]")
{
    const auto chosen = subset(uneven_labels(), 3, 437, 1);
    CHECK(chosen.size() == 437);
    CHECK(std::is_sorted(chosen.begin(), chosen.end(), std::less_equal<>{}));
    CHECK(chosen.back() < 1000);
}

TEST_CASE("A seed names one subset", "[datasets]")
{
    const auto labels = uneven_labels();
    CHECK(subset(labels, 3, 100, 1) == subset(labels, 3, 100, 1));
    CHECK(subset(labels, 3, 100, 1) != subset(labels, 3, 100, 2));
}

TEST_CASE("A subset of all samples is all of them, and of more or none an error", "[datasets]")
{
    const auto labels = uneven_labels();
    CHECK(subset(labels, 3, 1000, 1).size() == 1000);
    CHECK_THROWS_AS(subset(labels, 3, 1001, 1), SpecError);
    CHECK_THROWS_AS(subset(labels, 3, 0, 1), SpecError);
}
