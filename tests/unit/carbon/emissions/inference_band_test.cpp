#include "common/carbon/emissions/inference_band.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_work.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using carbon::inference_band;

namespace {

Figure figure(double value, std::optional<double> low = {}, std::optional<double> high = {})
{
    return {value, low, high, EvidenceLevel::assumed, "for a test"};
}

InferenceRow row(double seconds, double joules, InferenceRowUse use)
{
    return {.network = "net",
            .macs = 1'000'000,
            .numbers = spec::NumberType::int8,
            .seconds = Seconds{seconds},
            .joules = Joules{joules},
            .setup = "one",
            .use = use,
            .source = "for a test"};
}

// Two set-ups: 2 ms and 8 mJ, which is fitted, and 5 ms and 15 mJ.
InferenceDevice board(const Figure& idle)
{
    InferenceProfile profile;
    profile.id = "board";
    profile.idle_w = idle;
    profile.rows = {row(0.002, 0.008, InferenceRowUse::fitted), row(0.005, 0.015, InferenceRowUse::band),
                    row(0.001, 0.001, InferenceRowUse::shown)};
    return {.profile = {}, .inference = profile};
}

carbon::InferenceBand band_of(const InferenceDemand& demand, const InferenceDevice& device, double per_second)
{
    return inference_band(*inference_cost(demand, device, per_second).energy, demand, device, per_second);
}

InferenceDemand int8_demand()
{
    InferenceDemand demand;
    demand.int8_ops = 2'000'000;
    return demand;
}

InferenceDemand float_demand()
{
    InferenceDemand demand;
    demand.work.flops = 2'000'000;
    demand.work.steps = 1;
    demand.work.samples = 1;
    return demand;
}

}  // namespace

TEST_CASE("A request's band spans the device's set-ups, each with its idle power at both ends")
{
    // At 100 a second each has 10 ms: 8 mJ + 0.5 W x 8 ms at least, 15 mJ + 2 W x 5 ms at most.
    const auto band = band_of(int8_demand(), board(figure(1, 0.5, 2)), 100);
    CHECK(band.low.count() == Approx(0.012));
    CHECK(band.high.count() == Approx(0.025));
    // At 300 a second the slower set-up takes a second device: 15 mJ + 1 W x (2/300 - 0.005) s.
    const auto busy = band_of(int8_demand(), board(figure(1)), 300);
    CHECK(busy.low.count() == Approx(0.008 + 1.0 / 300 - 0.002));
    CHECK(busy.high.count() == Approx(0.015 + 2.0 / 300 - 0.005));
}

TEST_CASE("Where float32 is slowed-down int8, the band of the slowdown counts")
{
    auto device = board(figure(1));
    device.inference->fp32_slowdown = figure(2, 1.5, 3);
    const auto band = band_of(float_demand(), device, 10);
    CHECK(band.low.count() == Approx(1.5 * 0.008 + 0.1 - 1.5 * 0.002));
    CHECK(band.high.count() == Approx(3 * 0.015 + 0.1 - 3 * 0.005));
}

TEST_CASE("Without bands, a request's energy is one number")
{
    auto device = board(figure(1));
    device.inference->rows.erase(device.inference->rows.begin() + 1, device.inference->rows.end());
    const auto band = band_of(int8_demand(), device, 100);
    CHECK(band.low == band.high);
    CHECK(band.low.count() == Approx(0.016));
}

TEST_CASE("In float32 by a device profile, the band is that of its figures")
{
    auto gpu = test::gpu();
    gpu.full_w = figure(gpu.full_w.value, 0.9 * gpu.full_w.value, 1.1 * gpu.full_w.value);
    const InferenceDevice device{.profile = gpu, .inference = {}};
    const auto likely = inference_cost(float_demand(), device, 1).energy->sum();
    const auto band = band_of(float_demand(), device, 1);
    CHECK(band.low < likely);
    CHECK(band.high > likely);
}
