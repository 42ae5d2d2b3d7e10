#include "experiments/analyzing/measured_row.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::experiments;

TEST_CASE("A row is measured for as long as 662 answers take, within bounds", "[analyzing]")
{
    CHECK(time_of_row(100, Seconds{1.5}).count() == Approx(7.613));  // 1.15 x 662 / 100
    CHECK(time_of_row(1000, Seconds{1.5}) == Seconds{1.5});
    CHECK(time_of_row(5, Seconds{1.5}) == longest_row);
    CHECK(time_of_row(5, Seconds{60}) == Seconds{60});  // as was asked for
}

TEST_CASE("A row keeps up where it answers what comes in, however few that are", "[analyzing]")
{
    // 9.8 s behind 0.2 s of warming up: of 100 requests 98 are due in them.
    LoadResult result;
    result.windows.assign(10, {.length = Seconds{0.98}});
    result.sent = 100;
    result.answered = 100;
    result.throughput = 94 / 9.8;
    CHECK(keeps_up(result));
    result.throughput = 93 / 9.8;  // 93.1 are 95 in 100
    CHECK_FALSE(keeps_up(result));
    result.throughput = 98 / 9.8;
    CHECK(keeps_up(result));
    result.not_sent = 10;  // 107.8 were due
    CHECK_FALSE(keeps_up(result));
    result.not_sent = 0;
    result.queue_full = 1;
    CHECK_FALSE(keeps_up(result));
    CHECK_FALSE(keeps_up({}));
}
