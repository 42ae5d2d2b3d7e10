#include "experiments/calibration/profile_fit.hpp"

#include <catch2/catch.hpp>

#include "common/energy/pricing/compute_time.hpp"
#include "common/error/error.hpp"
#include "tests/unit/energy/pricing/round_figures.hpp"

using namespace fedgram;
using namespace fedgram::experiments;

namespace {

MeanPower watts(double mean) { return {Watts{mean}, Watts{mean * 0.9}, Watts{mean * 1.2}, "gpu.csv over 10 s"}; }

// 100 kernels: 1 s at the least; 2e9 FLOPs.
const energy::Work large{.samples = 1, .steps = 1, .flops = 2'000'000'000, .kernels = 100};
const energy::Work small{.samples = 1, .steps = 1, .flops = 1'000, .kernels = 100};

void check_met(const energy::DeviceProfile& profile, const MeasuredStretch& stretch)
{
    const auto time = energy::compute_time(stretch.work, profile);
    CHECK(time.sum().count() == Approx(stretch.seconds.count()).epsilon(0.001));
    CHECK(energy::compute_power(profile).over(time).count() / time.sum().count() ==
          Approx(stretch.power.mean.count()).epsilon(0.001));
}

}  // namespace

TEST_CASE("A stretch at the device's pace gives the rate and the full watts")
{
    // 5 s, 1 of them of small kernels at 5 W: 2e9 FLOPs in 4 s; (8 x 5 - 5 x 1) / 4 = 8.75 W.
    const MeasuredStretch stretch{large, Seconds{5}, Seconds{0.5}, watts(8), std::nullopt};
    const auto profile = fitted_profile(energy::test::round_figures(), {}, std::vector{stretch});
    CHECK(profile.sustained_gflops.value == Approx(0.5));
    CHECK(profile.sustained_gflops.low == Approx(0.45));  // 0.5 s of 5, and no less than 10 %
    CHECK(profile.sustained_gflops.evidence == energy::EvidenceLevel::fitted);
    CHECK(profile.memory_gb_s.value == Approx(0.5));
    CHECK(profile.memory_gb_s.evidence == energy::EvidenceLevel::assumed);
    CHECK(profile.memory_gb_s.source == "as round: for the test; scaled by 0.500 with sustained_gflops");
    CHECK(profile.full_w.value == Approx(8.75));
    CHECK(profile.full_w.low == Approx(8.75 * 0.9));
    CHECK(profile.full_w.high == Approx(8.75 * 1.2));
    CHECK(profile.full_w.source == "fedgram calibrate: gpu.csv over 10 s; the device sets the pace");
    CHECK(profile.kernel_s.evidence == energy::EvidenceLevel::assumed);
    CHECK(profile.kernel_s.source == "as round: for the test");
    check_met(profile, stretch);
}

TEST_CASE("A stretch at the host's pace gives its launches and the watts of waiting")
{
    // 8 s: 0.5 s of the step, 100 launches of 75 ms. 7 s of waiting, 1 s of small kernels at 5/3 of its watts: 4 x 8 J.
    const MeasuredStretch stretch{small, Seconds{8}, Seconds{0}, watts(4), std::nullopt};
    const auto profile = fitted_profile(energy::test::round_figures(), {}, std::vector{stretch});
    CHECK(profile.eager_launch_s.value == Approx(0.075));
    CHECK(profile.active_idle_w.value == Approx(32 / (7 + 5.0 / 3)).epsilon(0.001));
    CHECK(profile.small_kernels_w.value == Approx(profile.active_idle_w.value * 5 / 3).epsilon(0.001));
    CHECK(profile.sustained_gflops.value == 1);
    check_met(profile, stretch);
}

TEST_CASE("An open runtime's own log leaves the small kernels' watts to be told")
{
    // 32 J less 3.5 W x 7 s of waiting in 1 s of small kernels: 7.5 W.
    const MeasuredStretch stretch{small, Seconds{8}, Seconds{0}, watts(4), std::nullopt};
    const auto profile = fitted_profile(energy::test::round_figures(), {watts(1), watts(3.5)}, std::vector{stretch});
    CHECK(profile.idle_w.value == 1);
    CHECK(profile.idle_w.evidence == energy::EvidenceLevel::measured);
    CHECK(profile.network_w.value == 1);
    CHECK(profile.network_w.source == "as idle");
    CHECK(profile.active_idle_w.value == 3.5);
    CHECK(profile.small_kernels_w.value == Approx(7.5));
    check_met(profile, stretch);
}

TEST_CASE("Both paces together meet both stretches, whatever their order")
{
    const MeasuredStretch device{large, Seconds{5}, Seconds{0}, watts(8), std::nullopt};
    const MeasuredStretch host{small, Seconds{4.5}, Seconds{0}, watts(4), std::nullopt};
    for (const auto& stretches : {std::vector{device, host}, std::vector{host, device}}) {
        const auto profile = fitted_profile(energy::test::round_figures(), {}, stretches);
        check_met(profile, host);
        CHECK(energy::compute_time(device.work, profile).busy().count() == Approx(5));
    }
}

TEST_CASE("Where the device sets the pace, a slower host than it can't be")
{
    // The base's host would take 0.5 + 100 x 0.02 = 2.5 s, and 2 s to load.
    auto quick = large;
    quick.samples = 20;
    const MeasuredStretch stretch{quick, Seconds{1.25}, Seconds{0}, watts(8), std::nullopt};
    const auto profile = fitted_profile(energy::test::round_figures(), {}, std::vector{stretch});
    CHECK(profile.eager_launch_s.value == Approx(0.01));
    CHECK(profile.step_overhead_s.value == Approx(0.25));
    CHECK(profile.loading_s.value == Approx(0.0625));
    CHECK_THAT(profile.loading_s.source, Catch::Matchers::Contains("lowered from 0.1, since the device set the pace"));
    check_met(profile, stretch);
}

TEST_CASE("A processor that is its own host is met at any watts, and its watts rise")
{
    auto processor = energy::test::round_figures();
    for (auto figure : {&energy::DeviceProfile::eager_launch_s, &energy::DeviceProfile::step_overhead_s,
                        &energy::DeviceProfile::loading_s})
        (processor.*figure).value = 0;
    processor.small_kernels_w = processor.full_w;
    for (double mean = 1.0001; mean < 40; mean *= 1.0371) {
        CAPTURE(mean);
        const MeasuredStretch stretch{large, Seconds{5}, Seconds{0}, watts(mean), std::nullopt};
        const auto profile = fitted_profile(processor, {}, std::vector{stretch});
        CHECK(profile.active_idle_w.value <= profile.small_kernels_w.value);
        CHECK(profile.small_kernels_w.value <= profile.full_w.value);
        CHECK(profile.idle_w.value <= profile.active_idle_w.value);
        check_met(profile, stretch);
    }
}

TEST_CASE("Logs that no profile meets together are refused")
{
    const MeasuredStretch device{large, Seconds{5}, Seconds{0}, watts(8), std::nullopt};
    CHECK_THROWS_WITH(fitted_profile(energy::test::round_figures(), {}, std::vector{device, device}),
                      Catch::Matchers::StartsWith("in two logs the device sets the pace; give one of each kind"));
    // Launches of 1 s each would hold up the other stretch.
    const MeasuredStretch host{small, Seconds{100}, Seconds{0}, watts(4), std::nullopt};
    CHECK_THROWS_WITH(fitted_profile(energy::test::round_figures(), {}, std::vector{device, host}),
                      Catch::Matchers::Contains("no figures meet it beside the other logs: measured 5.00 s at 8.00 W, "
                                                "modelled 100 s at"));
}

TEST_CASE("The pace is told by the watts, unless it is stated")
{
    const auto device = energy::test::round_figures();  // 3 W waiting, 10 W at the full rate
    const auto pace = [&](double mean, std::optional<Pace> stated) {
        return pace_of({small, Seconds{8}, Seconds{0}, watts(mean), stated}, device);
    };
    CHECK(pace(6, {}) == Pace::host);
    CHECK(pace(7, {}) == Pace::device);
    CHECK(pace(6, Pace::device) == Pace::device);
}

TEST_CASE("A stretch that no figures can meet is refused with the way out")
{
    const auto refused = [](MeasuredStretch stretch, const IdlePower& idle, const std::string& error) {
        CHECK_THROWS_WITH(fitted_profile(energy::test::round_figures(), idle, std::vector{stretch}),
                          Catch::Matchers::StartsWith("gpu.csv over 10 s: " + error));
    };
    refused({large, Seconds{0.5}, Seconds{0}, watts(8), {}}, {},
            "its 0.500 s are less than its kernels take at least, 1.00 s; use a base profile with a shorter kernel_s");
    refused({large, Seconds{2}, Seconds{0}, watts(4), {}}, {},
            "its 2.00 s are less than the device takes, 3.00 s; calibrate the device's pace first");
    refused({small, Seconds{8}, Seconds{0}, watts(4), {}}, {{}, watts(4.5)},
            "it draws 4.00 W, less than the open runtime's 4.50 W");
    refused({{}, Seconds{8}, Seconds{0}, watts(4), {}}, {}, "work without steps");
}
