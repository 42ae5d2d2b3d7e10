#include "common/energy/meters/meter_sampler.hpp"

#include <future>

#include <catch2/catch.hpp>

#include "common/energy/meters/power_meter.hpp"

using namespace fedgram;
using namespace fedgram::energy;

TEST_CASE("The sampler reads its meters by itself, and stops when told")
{
    std::promise<void> third;
    int samples = 0;  // counted under the sampler's lock
    std::vector<std::unique_ptr<Meter>> meters;
    meters.push_back(std::make_unique<PowerMeter>("rail", Boundary::module, Watts{100}, [&]() -> Attempt<Watts> {
        if (++samples == 3) third.set_value();
        return Watts{5};
    }));
    MeterSampler sampler{std::move(meters), std::chrono::milliseconds{1}};
    third.get_future().wait();
    sampler.stop();
    sampler.stop();
    const auto first = sampler.readings();
    const auto second = sampler.readings();
    REQUIRE(first.size() == 1);
    CHECK(first[0].name == "rail");
    CHECK(first[0].reading.joules->count() > 0);
    CHECK(first[0].reading.joules == second[0].reading.joules);
}
