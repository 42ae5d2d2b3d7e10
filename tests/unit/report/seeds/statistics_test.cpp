#include <vector>

#include <catch2/catch.hpp>

#include "common/report/seeds/statistics.hpp"

using fedgram::report::statistics;

TEST_CASE("mean and sample standard deviation of a few values", "[report]")
{
    // By hand: mean 5; squares 9 + 1 + 1 + 9 = 20; 20 / 3 = 6.667; its root 2.58199.
    const std::vector<double> values{2, 4, 6, 8};
    CHECK(statistics(values).mean == 5);
    CHECK(statistics(values).least == 2);
    CHECK(statistics(values).most == 8);
    CHECK(statistics(values).count == 4);
    CHECK(statistics(values).standard_deviation.value() == Approx(2.58199).epsilon(1e-5));
}

TEST_CASE("a single value has no standard deviation", "[report]")
{
    const std::vector<double> value{3};
    CHECK(statistics(value).mean == 3);
    CHECK_FALSE(statistics(value).standard_deviation);
}
