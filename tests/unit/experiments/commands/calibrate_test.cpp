#include "experiments/commands/calibrate.hpp"

#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram::experiments;

namespace {

TimedWork timed(std::uint64_t flops, std::uint64_t steps, double seconds)
{
    TimedWork result;
    result.work.flops = flops;
    result.work.steps = steps;
    result.seconds = seconds;
    return result;
}

}  // namespace

TEST_CASE("Two batch sizes tell the rate and the cost of a step", "[experiments]")
{
    // 2e9 FLOPs at 1e9 a second, and 0.01 s a step: 100 steps take 3 s, 10 steps 2.1 s.
    const auto [rate, overhead] = solve_throughput(timed(2'000'000'000, 100, 3.0), timed(2'000'000'000, 10, 2.1));
    CHECK(rate == Approx(1e9));
    CHECK(overhead == Approx(0.01));
}

TEST_CASE("Noise never makes a step cost less than nothing", "[experiments]")
{
    const auto [rate, overhead] = solve_throughput(timed(2'000'000'000, 100, 1.9), timed(2'000'000'000, 10, 2.0));
    CHECK(rate == Approx(1e9));
    CHECK(overhead == 0);
}

TEST_CASE("Without a meter and without stated watts nothing is trained, and the error names both ways", "[experiments]")
{
    const fedgram::energy::test::FakeSysfs bare;
    CHECK_THROWS_WITH(calibrate({.id = "mine", .sys = bare.root()}),
                      Catch::StartsWith("no meter of this machine gives its idle and training watts (RAPL: ") &&
                          Catch::Contains("state both by --idle-w and --train-w, or make a meter work"));
    CHECK_THROWS_AS(calibrate({.id = "mine", .sys = bare.root()}), fedgram::SpecError);
    CHECK_THROWS_WITH(calibrate({.id = "mine", .train_w = 6.0, .sys = bare.root()}),
                      "--train-w without --idle-w: state both, or neither to have them measured");
}

TEST_CASE("Stated watts that are no watts are refused before anything is trained", "[experiments]")
{
    CHECK_THROWS_WITH(calibrate({.id = "mine", .train_w = -3.0, .idle_w = 1.0}),
                      "--train-w: -3 is not valid; use watts above 0");
    CHECK_THROWS_WITH(calibrate({.id = "mine", .train_w = std::numeric_limits<double>::quiet_NaN(), .idle_w = 1.0}),
                      "--train-w: nan is not valid; use watts above 0");
    CHECK_THROWS_WITH(calibrate({.id = "mine", .train_w = 3.0, .idle_w = std::numeric_limits<double>::infinity()}),
                      "--idle-w: inf is not valid; use watts of at least 0");
}
