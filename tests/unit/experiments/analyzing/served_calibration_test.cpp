#include "experiments/analyzing/served_calibration.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::experiments;
using Catch::Matchers::Contains;

namespace {

/// As measured, and in virtual time `per_second` and `mean` times that.
CheckedLoad checked(double per_second, double mean)
{
    CheckedLoad check;
    check.measured_per_s = 1000;
    check.virtual_per_s = 1000 * per_second;
    check.measured.mean = Seconds{0.001};
    check.virtual_time.mean = Seconds{0.001 * mean};
    return check;
}

CalibratedForm calibrated(CheckedLoad check) { return {.form = {}, .checks = {checked(1.01, 0.98), check}}; }

}  // namespace

TEST_CASE("What is off by more than a factor of 2 is said in times", "[analyzing]")
{
    CHECK(off_text(1.26) == "+26 %");
    CHECK(off_text(0.78) == "-22 %");
    CHECK(off_text(4.4) == "4.4 times");
    CHECK(off_text(0.176 / 70) == "1/400");
}

TEST_CASE("A record is relied on while virtual time is near what was measured, away from capacity", "[analyzing]")
{
    CHECK(calibrated(checked(1.4, 0.7)).is_reliable());
    CHECK_FALSE(calibrated(checked(1.6, 1)).is_reliable());
    CHECK_FALSE(calibrated(checked(1, 0.6)).is_reliable());
    auto near = checked(1, 3);
    near.near_capacity = true;
    CHECK(calibrated(near).is_reliable());
    near.stable = false;
    near.falls_behind = true;  // of 80 % of what virtual time takes for the capacity
    CHECK_FALSE(calibrated(near).is_reliable());
    auto disturbed = checked(3, 3);
    disturbed.stable = false;
    CHECK(calibrated(disturbed).is_reliable());
    CHECK_FALSE(CalibratedForm{.form = {}, .checks = {disturbed}}.is_reliable());
    CHECK_FALSE(CalibratedForm{}.is_reliable());
}

TEST_CASE("The agreement says how far off, either way, and whether that is too far", "[analyzing]")
{
    CHECK(
        calibrated(checked(1.05, 0.9)).agreement() ==
        "2 of 2 other loads were stable: furthest off in virtual time are a throughput by +5.0 % and a mean latency by "
        "-10 %");
    CHECK_THAT(calibrated(checked(4.4, 0.1)).agreement(),
               Contains("by 4.4 times") && Contains("by 1/10") && Contains("not to be relied on"));
}
