#include "common/energy/devices/serving_ends.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::energy;

namespace {

Figure banded(double low, double value, double high)
{
    return {value, low, high, EvidenceLevel::assumed, "a data sheet"};
}

ServingProfile chip()
{
    ServingProfile profile;
    profile.rates = {{Arithmetic::fp32, banded(500, 1000, 2000)}};
    profile.floor_s = banded(0.001, 0.002, 0.003);
    profile.memory_gb_s = banded(10, 20, 30);
    profile.idle_w = banded(5, 10, 20);
    profile.busy_w = banded(40, 50, 60);
    return profile;
}

}  // namespace

TEST_CASE("A device draws least where it is fast and its watts are few, and most where neither is so")
{
    const auto ends = ends_of(chip());
    REQUIRE(ends.size() == 2);
    const auto& least = ends[0];
    CHECK(least.rates.front().gmac_per_s.value == 2000);
    CHECK(least.floor_s.value == 0.001);
    CHECK(least.memory_gb_s->value == 30);
    CHECK(least.idle_w->value == 5);
    CHECK(least.busy_w->value == 40);
    const auto& most = ends[1];
    CHECK(most.rates.front().gmac_per_s.value == 500);
    CHECK(most.floor_s.value == 0.003);
    CHECK(most.memory_gb_s->value == 10);
    CHECK(most.idle_w->value == 20);
    CHECK(most.busy_w->value == 60);
}

TEST_CASE("A figure without a band stays, and power still rises with the load")
{
    auto device = chip();
    device.floor_s = {0.002, {}, {}, EvidenceLevel::measured, "a call"};
    device.tenth_of_load_w = {45, {}, {}, EvidenceLevel::derived, "a paper"};
    device.idle_w = {42, {}, {}, EvidenceLevel::derived, "a paper"};
    for (const auto& end : ends_of(device)) {
        CHECK(end.floor_s.value == 0.002);
        CHECK(end.idle_w->value <= end.tenth_of_load_w->value);
        CHECK(end.tenth_of_load_w->value <= end.busy_w->value);
    }
    CHECK(ends_of(device)[0].idle_w->value == 40);  // no more than it draws busy
}
