#include "common/energy/logs/energy_between.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;

namespace {

PowerLog log_of(std::vector<PowerSample> samples)
{
    PowerLog log;
    log.segments.push_back({1, std::move(samples), {}});
    return log;
}

PowerSample sample(double at, double watts) { return {LogTime{at}, Watts{watts}}; }

EnergyOfWindow between(const PowerLog& log, double begin, double end)
{
    return energy_between(log, LogTime{begin}, LogTime{end});
}

}  // namespace

TEST_CASE("Samples are integrated by trapezoids, and cut at the window's ends")
{
    const auto log = log_of({sample(0, 10), sample(2, 20), sample(4, 40)});
    const auto all = between(log, 0, 4);
    CHECK(all.energy->count() == Approx(90));  // 15 W x 2 s + 30 W x 2 s
    CHECK(all.mean_power->count() == Approx(22.5));
    CHECK(all.covered.count() == Approx(4));
    CHECK(all.gaps.empty());
    // From 1 s (15 W) to 2 s, and to 3 s (30 W): 17.5 J + 25 J.
    CHECK(between(log, 1, 3).energy->count() == Approx(42.5));
    // Within one step: from 2.5 s (25 W) to 3 s (30 W).
    CHECK(between(log, 2.5, 3).energy->count() == Approx(13.75));
    CHECK(all.apportioned == Joules{});
}

TEST_CASE("What lies before and after a log is uncovered, not zero")
{
    const auto log = log_of({sample(10, 5), sample(11, 5), sample(12, 5)});
    const auto part = between(log, 8, 15);
    CHECK(part.energy->count() == Approx(10));
    CHECK(part.covered.count() == Approx(2));
    CHECK(part.uncovered.count() == Approx(5));
    REQUIRE(part.gaps.size() == 2);
    CHECK(part.gaps[0].reason == "before the log's first time");
    CHECK(part.gaps[1].begin == LogTime{12});
    CHECK(part.gaps[1].reason == "after the log's last time");

    const auto none = between(log, 20, 30);
    CHECK_FALSE(none.energy);
    CHECK_FALSE(none.mean_power);
    CHECK(none.uncovered.count() == Approx(10));
}

TEST_CASE("A pause of more than five usual steps isn't bridged")
{
    const auto log = log_of({sample(0, 10), sample(1, 10), sample(2, 10), sample(8, 10), sample(9, 10)});
    CHECK(usual_longest_bridge(log)->count() == Approx(5));
    const auto all = between(log, 0, 9);
    CHECK(all.energy->count() == Approx(30));  // 3 s x 10 W
    CHECK(all.uncovered.count() == Approx(6));
    REQUIRE(all.gaps.size() == 1);
    CHECK(all.gaps[0].reason == "no line for 6.00 s");
    // One who knows better says so.
    CHECK(energy_between(log, LogTime{0}, LogTime{9}, LogTime{6}).energy->count() == Approx(90));
}

TEST_CASE("A line without a value is a gap from the value before to the one after")
{
    auto samples = std::vector{sample(0, 10), sample(1, 10), sample(2, 0), sample(3, 30), sample(4, 30)};
    samples[2].power.reset();
    const auto all = between(log_of(samples), 0, 4);
    CHECK(all.energy->count() == Approx(40));  // 10 J and 30 J
    REQUIRE(all.gaps.size() == 1);
    CHECK(all.gaps[0].begin == LogTime{1});
    CHECK(all.gaps[0].end == LogTime{3});
    CHECK(all.gaps[0].reason == "lines without a value");
}

TEST_CASE("An interval that the window cuts gives its share by time, and says so")
{
    PowerLog log;
    log.segments.push_back({1, {}, {{LogTime{0}, LogTime{10}, Joules{100}}, {LogTime{10}, LogTime{20}, Joules{300}}}});
    CHECK(between(log, 0, 20).energy->count() == Approx(400));
    CHECK(between(log, 0, 20).apportioned == Joules{});
    const auto part = between(log, 5, 20);
    CHECK(part.energy->count() == Approx(350));  // half of 100 J, and 300 J
    CHECK(part.apportioned.count() == Approx(50));
}

TEST_CASE("Segments add up where they lie apart, and are refused where both cover the window")
{
    PowerLog log;
    log.segments.push_back({2, {sample(100, 10), sample(101, 10), sample(102, 10)}, {}});
    log.segments.push_back({5, {sample(50, 20), sample(51, 20)}, {}});
    CHECK(between(log, 0, 200).energy->count() == Approx(40));
    log.segments.push_back({7, {sample(101, 30), sample(102, 30)}, {}});
    CHECK(between(log, 0, 101).energy->count() == Approx(30));
    CHECK_THROWS_AS(between(log, 0, 200), DataError);
    CHECK_THROWS_WITH(between(log, 0, 200), Catch::Contains("from lines 2 and 7"));
}

TEST_CASE("A window that ends before it begins is refused, and one of no length is nothing")
{
    const auto log = log_of({sample(0, 10), sample(1, 10)});
    CHECK_THROWS_AS(between(log, 1, 0), SpecError);
    CHECK_FALSE(between(log, 1, 1).energy);
}
