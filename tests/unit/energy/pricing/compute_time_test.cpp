#include "common/energy/pricing/compute_time.hpp"

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"
#include "tests/unit/energy/pricing/round_figures.hpp"

using namespace fedgram;
using namespace fedgram::energy;

namespace {

struct Priced {
    double seconds;
    double joules;
};

Priced priced(const Work& work, const DeviceProfile& device = test::round_figures())
{
    const auto time = compute_time(work, device);
    return {time.sum().count(), compute_power(device).over(time).count()};
}

DeviceProfile limited(double watts)
{
    auto device = test::round_figures();
    device.power_limit_w = Figure{watts, {}, {}, EvidenceLevel::assumed, "for the test"};
    return device;
}

}  // namespace

TEST_CASE("A device at its full rate takes the longer of arithmetic and memory, at full watts")
{
    const auto flops = priced({.flops = 5'000'000'000, .memory_bytes = 2'000'000'000});
    CHECK(flops.seconds == Approx(5));
    CHECK(flops.joules == Approx(50));
    const auto bytes = priced({.flops = 1'000'000'000, .memory_bytes = 3'000'000'000});
    CHECK(bytes.seconds == Approx(3));
    CHECK(bytes.joules == Approx(30));
    CHECK(compute_time({.flops = 1}, test::round_figures()).flops_bound());
    CHECK_FALSE(compute_time({.memory_bytes = 1}, test::round_figures()).flops_bound());
}

TEST_CASE("A step that its host launches too slowly waits, at the watts of an open runtime")
{
    // Launches: 2 x 0.5 + 100 x 0.02 = 3 s. The device: 100 x 0.01 = 1 s of small kernels, 0.5 s at the full rate.
    const Work work{.steps = 2, .flops = 500'000'000, .kernels = 100};
    const auto time = compute_time(work, test::round_figures());
    CHECK(time.launching.count() == Approx(3));
    CHECK(time.busy().count() == Approx(1.5));
    CHECK(time.waiting().count() == Approx(1.5));
    CHECK(priced(work).seconds == Approx(3));
    CHECK(priced(work).joules == Approx(1.5 * 3 + 1 * 5 + 0.5 * 10));
}

TEST_CASE("A step whose samples come too slowly waits for them")
{
    // Loading 80 x 0.1 = 8 s; launching 1.5 s; the device 0.5 + 1 s.
    const Work work{.samples = 80, .steps = 1, .flops = 1'000'000'000, .kernels = 50};
    CHECK(priced(work).seconds == Approx(8));
    CHECK(priced(work).joules == Approx(6.5 * 3 + 0.5 * 5 + 1 * 10));
}

TEST_CASE("A captured graph launches faster, and its samples are on the device")
{
    auto device = test::round_figures();
    device.execution = Execution::graph;
    // Launching 100 x 0.005 = 0.5 s; the device 1 + 0.5 s.
    const Work work{.samples = 80, .steps = 2, .flops = 500'000'000, .kernels = 100};
    CHECK(priced(work, device).seconds == Approx(1.5));
    CHECK(priced(work, device).joules == Approx(1 * 5 + 0.5 * 10));
}

TEST_CASE("The rate grows with what a kernel has to do, to the full rate")
{
    const auto rate = [](std::uint64_t flops) {
        return static_cast<double>(flops) /
               compute_time({.flops = flops, .kernels = 1}, test::round_figures()).busy().count();
    };
    CHECK(rate(10'000'000) == Approx(0.5e9));  // as long at the full rate as a kernel takes at least: half of it
    CHECK(rate(1'000'000) < rate(10'000'000));
    CHECK(rate(100'000'000'000) == Approx(1e9).epsilon(0.001));
}

TEST_CASE("A power limit caps the watts and slows the full rate by the root of what is left above small kernels")
{
    // 5 W + 5 W x clock^2 = 6.25 W at half the clock: 2 s for 1e9 FLOPs.
    const Work work{.flops = 1'000'000'000};
    CHECK(priced(work, limited(6.25)).seconds == Approx(2));
    CHECK(priced(work, limited(6.25)).joules == Approx(2 * 6.25));
    CHECK(priced(work, limited(10)).seconds == Approx(1));
    CHECK(priced(work, limited(300)).joules == Approx(10));
    // Small kernels go on as before.
    CHECK(priced({.kernels = 50}, limited(6.25)).joules == Approx(priced({.kernels = 50}).joules));
}

TEST_CASE("A band's end of one wattage doesn't push it past the next")
{
    auto device = test::round_figures();
    device.active_idle_w.value = 12;
    const auto power = compute_power(device);
    CHECK(power.waiting == Watts{12});
    CHECK(power.short_kernels == Watts{12});
    CHECK(power.full_rate == Watts{12});
}

TEST_CASE("Time and joules are linear in work, and no figure that grows makes them fall but a rate")
{
    Stream random{3, Purpose::subset};
    for (int i = 0; i < 200; ++i) {
        Work work{.samples = random.below(1'000),
                  .steps = 1 + random.below(100),
                  .flops = random.below(10'000'000'000),
                  .memory_bytes = random.below(10'000'000'000),
                  .kernels = random.below(10'000)};
        auto device = random.below(2) == 0 ? test::round_figures() : limited(6 + 5 * random.uniform());
        const auto once = priced(work, device);
        auto thrice = work;
        thrice += work;
        thrice += work;
        CHECK(priced(thrice, device).seconds == Approx(3 * once.seconds));
        CHECK(priced(thrice, device).joules == Approx(3 * once.joules));
        for (const auto& [key, member, range, is_rate] : pricing_figures()) {
            auto more = device;
            (more.*member).value *= 1.3;
            const bool rate = key == "sustained_gflops" || key == "memory_gb_s";
            CAPTURE(key, i);
            CHECK(priced(work, more).joules * (rate ? 1 : -1) <=
                  once.joules * (rate ? 1 : -1) * (1 + (rate ? 1e-12 : -1e-12)));
        }
    }
}
