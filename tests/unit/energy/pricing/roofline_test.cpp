#include "common/energy/pricing/roofline.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/energy/pricing/round_figures.hpp"

using namespace fedgram::energy;

namespace {

Work computed(std::uint64_t flops, std::uint64_t memory_bytes, std::uint64_t steps)
{
    Work work;
    work.flops = flops;
    work.memory_bytes = memory_bytes;
    work.steps = steps;
    return work;
}

}  // namespace

TEST_CASE("Arithmetic sets the time when it takes longer than memory")
{
    // 5e9 FLOPs / 1e9 per second = 5 s; 2e9 bytes would take 2 s; 100 steps x 0.01 s = 1 s.
    CHECK(compute_time(computed(5'000'000'000, 2'000'000'000, 100), test::round_figures()).sum().count() == Approx(6));
}

TEST_CASE("Memory sets the time when it takes longer than arithmetic")
{
    CHECK(compute_time(computed(1'000'000'000, 3'000'000'000, 0), test::round_figures()).sum().count() == Approx(3));
}

TEST_CASE("A small model's time is its steps' overhead")
{
    CHECK(compute_time(computed(1'000, 1'000, 1'000), test::round_figures()).sum().count() == Approx(10.000001));
}

TEST_CASE("The parts of the time say which of FLOPs and memory sets it")
{
    const auto time = compute_time(computed(1'000'000'000, 3'000'000'000, 200), test::round_figures());
    CHECK(time.arithmetic.count() == Approx(1));
    CHECK(time.memory.count() == Approx(3));
    CHECK(time.overhead.count() == Approx(2));
    CHECK(time.roofline() == time.memory);
    CHECK_FALSE(time.flops_bound());
    CHECK(compute_time(computed(1, 0, 0), test::round_figures()).flops_bound());
}
