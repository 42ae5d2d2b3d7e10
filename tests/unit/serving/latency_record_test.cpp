#include "common/serving/latency_record.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "common/random/portable_math.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::serving;

TEST_CASE("Percentiles by nearest rank are those of a sorted list")
{
    LatencyRecord record;
    for (int i = 200; i >= 1; --i) record.add(Nanoseconds{i});  // below 2,048 ns each has a bucket of its own
    CHECK(record.count() == 200);
    CHECK(record.percentile(1).count() == 2);
    CHECK(record.percentile(50).count() == 100);
    CHECK(record.percentile(99).count() == 198);
    CHECK(record.percentile(100).count() == 200);
    CHECK(record.mean().count() == Approx(100.5e-9));

    // Of seven the half is the ceil(3.5) = fourth; of one, all are the one.
    LatencyRecord seven;
    for (const int value : {70, 10, 60, 20, 50, 30, 40}) seven.add(Nanoseconds{value});
    CHECK(seven.percentile(50).count() == 40);
    CHECK(seven.percentile(90).count() == 70);
    LatencyRecord one;
    one.add(Nanoseconds{123'456'789});
    CHECK(one.percentile(1).count() == 123'456'789);
    CHECK(one.percentile(99).count() == 123'456'789);
}

TEST_CASE("A percentile is never too low, and at most 1/1024 too high, from nanoseconds to years")
{
    Stream random{1, Purpose::probe};
    for (const std::size_t count : {1U, 10U, 999U, 20'000U}) {
        LatencyRecord record;
        std::vector<std::int64_t> values;
        for (std::size_t i = 0; i < count; ++i) {
            const auto value = static_cast<std::int64_t>(portable::exp(41.4 * random.uniform()));
            values.push_back(value);
            record.add(Nanoseconds{value});
        }
        std::sort(values.begin(), values.end());
        for (unsigned percent = 1; percent <= 100; ++percent) {
            const auto exact = values[(percent * count + 99) / 100 - 1];
            const auto found = record.percentile(percent).count();
            REQUIRE(found >= exact);
            REQUIRE(static_cast<double>(found - exact) <= static_cast<double>(exact) / 1024);
        }
        CHECK(record.greatest().count() == values.back());
    }
}

TEST_CASE("The bounds of buckets hold their values")
{
    for (const std::int64_t value :
         {0L, 1L, 2047L, 2048L, 2049L, 4095L, 4096L, (1L << 40) - 1, 1L << 40, (1L << 60) + 1}) {
        LatencyRecord record;
        record.add(Nanoseconds{value});
        record.add(Nanoseconds{std::int64_t{1} << 61});
        CHECK(record.percentile(50).count() >= value);
        CHECK(record.percentile(50).count() - value <= value / 1024);
    }
}

TEST_CASE("Two records as one are the record of all")
{
    Stream random{2, Purpose::probe};
    LatencyRecord first;
    LatencyRecord second;
    LatencyRecord all;
    for (int i = 0; i < 5000; ++i) {
        const Nanoseconds value{static_cast<std::int64_t>(random.below(i < 3000 ? 5'000 : 50'000'000))};
        (i < 3000 ? first : second).add(value);
        all.add(value);
    }
    first.add(second);
    CHECK(first.count() == 5000);
    CHECK(first.mean() == all.mean());
    for (unsigned percent = 1; percent <= 100; ++percent) REQUIRE(first.percentile(percent) == all.percentile(percent));
}

TEST_CASE("The mean of latencies whose sum no 64 bits hold is right")
{
    LatencyRecord record;
    for (int i = 0; i < 100; ++i) record.add(longest_time);
    CHECK(record.mean().count() == Approx(1e9));
    CHECK(LatencyRecord{}.mean() == Seconds{});
}
