#include "common/carbon/emissions/served_band.hpp"

#include <catch2/catch.hpp>

#include "common/energy/pricing/served_inference.hpp"

using namespace fedgram;
using namespace fedgram::energy;

TEST_CASE("A request by a serving record has the band of its figures")
{
    const auto banded = [](double low, double value, double high) {
        return Figure{value, low, high, EvidenceLevel::assumed, "for a test"};
    };
    ServingProfile device;
    device.rates = {{Arithmetic::fp32, banded(500, 1000, 2000)}};
    device.floor_s = banded(0, 0, 0);
    device.idle_w = banded(5, 10, 20);
    device.busy_w = banded(40, 50, 60);
    InferenceDemand demand;
    demand.work.flops = 2'000'000'000;
    // 1 ms at 50 W and 1 at 10 W; at the ends 0.5 of 2 ms at 40 W beside 5 W, and all 2 ms at 60 W.
    const auto likely = *served_inference(demand, device, 500).energy;
    CHECK(likely.sum().count() == Approx(0.060));
    const auto band = carbon::served_band(likely, demand, device, 500);
    CHECK(band.low.count() == Approx(0.0275));
    CHECK(band.high.count() == Approx(0.120));
}
