#include "common/statistics/censored_mean.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram::statistics;

TEST_CASE("Where all runs have reached, the mean is a mean")
{
    const auto mean = censored_mean(std::vector<Observation>{{1}, {2}, {6}});
    CHECK(mean.mean == Approx(3));
    CHECK_FALSE(mean.is_lower_bound());
    CHECK(mean.interval);
    CHECK(mean.median == 2.0);
}

TEST_CASE("A run that hasn't reached makes the mean a lower bound, and never goes away")
{
    const auto mean = censored_mean(std::vector<Observation>{{1}, {2}, {6, false}});
    CHECK(mean.mean == Approx(3));
    CHECK(mean.is_lower_bound());
    CHECK(mean.reached == 2);
    CHECK_FALSE(mean.interval);
    CHECK(mean.median == 2.0);  // whatever the third would have taken

    // One that ended early may have taken more than all others.
    CHECK_FALSE(censored_mean(std::vector<Observation>{{1, false}, {2}, {6}}).median);
    CHECK_FALSE(censored_mean(std::vector<Observation>{{1}, {2, false}, {6, false}}).median);
}
