#include "experiments/calibrate.hpp"

#include <catch2/catch.hpp>

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
