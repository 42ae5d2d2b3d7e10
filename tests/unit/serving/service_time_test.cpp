#include "common/serving/service_time.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/serving/milliseconds.hpp"

using namespace fedgram;
using namespace fedgram::serving;
using Catch::Contains;
using test::ms;

TEST_CASE("A linear service time has a part for the batch and one for each request")
{
    const auto service = linear_service(ms(2), ms(3));
    CHECK(service(1, {}) == ms(5));
    CHECK(service(8, {}) == ms(26));
    CHECK(capacity(2, 8, service) == Approx(2 * 8 / 0.026));
    CHECK_THROWS_WITH(linear_service(Nanoseconds{-1}, {}),
                      "service time of each batch: -1 ns is not valid; use 0 to 1000 s");
}

// By hand: from 4 to 10 ms in three steps of 2; then down by half of 999,999 ns, to the nanosecond below.
TEST_CASE("A table of service times is read in proportion between its sizes, and refuses what lies beyond")
{
    const auto service =
        tabulated_service(std::vector<BatchTime>{{1, ms(4)}, {4, ms(10)}, {6, ms(9) + Nanoseconds{1}}});
    CHECK(service(1, {}) == ms(4));
    CHECK(service(2, {}) == ms(6));
    CHECK(service(3, {}) == ms(8));
    CHECK(service(4, {}) == ms(10));
    CHECK(service(5, {}) == Nanoseconds{9'500'000});
    CHECK(service(6, {}) == Nanoseconds{9'000'001});
    CHECK_THROWS_WITH(service(7, {}), "max_batch: 7 is not valid; service times are known up to 6");
}

TEST_CASE("A table of service times whose sizes don't ascend from 1 is refused")
{
    CHECK_THROWS_WITH(tabulated_service({}), Contains("give that of a batch of 1 at least"));
    CHECK_THROWS_WITH(tabulated_service(std::vector<BatchTime>{{2, ms(1)}}),
                      Contains("a batch of 2 behind one of 0 is not valid; let sizes ascend from 1"));
    CHECK_THROWS_AS(tabulated_service(std::vector<BatchTime>{{1, ms(1)}, {4, ms(2)}, {4, ms(2)}}), SpecError);
    CHECK_THROWS_AS(tabulated_service(std::vector<BatchTime>{{1, ms(2'000'000)}}), SpecError);
}

TEST_CASE("Exponential service times have their mean, whatever the batch, and a copy draws the same")
{
    const auto service = exponential_service(Stream{3, Purpose::probe}, ms(1));
    const auto copy = service;
    constexpr int count = 100'000;
    double sum = 0;
    bool same = true;
    for (int i = 0; i < count; ++i) {
        const auto time = service(i % 7 + 1, {});
        sum += seconds(time).count() * 1000;
        same = same && copy(1, {}) == time;
    }
    CHECK(std::abs(sum / count - 1) < 5 / std::sqrt(count));
    CHECK(same);
}
