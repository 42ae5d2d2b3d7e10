#include "experiments/analyzing/device_ends.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::experiments;
using energy::Arithmetic;
using energy::Figure;

namespace {

Figure banded(double low, double value, double high)
{
    return {value, low, high, energy::EvidenceLevel::assumed, "a data sheet"};
}

ServedDevice chip()
{
    ServedDevice device;
    device.profile.id = "chip";
    device.profile.rates = {{Arithmetic::fp32, banded(500, 1000, 2000)}};
    device.profile.floor_s = banded(0.001, 0.002, 0.003);
    device.profile.memory_gb_s = banded(10, 20, 30);
    device.profile.idle_w = banded(5, 10, 20);
    device.profile.busy_w = banded(40, 50, 60);
    return device;
}

}  // namespace

TEST_CASE("A device draws least where it is fast and its watts are few, and most where neither is so", "[analyzing]")
{
    const auto ends = ends_of(chip());
    REQUIRE(ends.size() == 2);
    const auto& least = ends[0].profile;
    CHECK(least.rates.front().gmac_per_s.value == 2000);
    CHECK(least.floor_s.value == 0.001);
    CHECK(least.memory_gb_s->value == 30);
    CHECK(least.idle_w->value == 5);
    CHECK(least.busy_w->value == 40);
    const auto& most = ends[1].profile;
    CHECK(most.rates.front().gmac_per_s.value == 500);
    CHECK(most.floor_s.value == 0.003);
    CHECK(most.memory_gb_s->value == 10);
    CHECK(most.idle_w->value == 20);
    CHECK(most.busy_w->value == 60);
}

TEST_CASE("A figure without a band stays, and power still rises with the load", "[analyzing]")
{
    auto device = chip();
    device.profile.floor_s = {0.002, {}, {}, energy::EvidenceLevel::measured, "a call"};
    device.profile.tenth_of_load_w = {45, {}, {}, energy::EvidenceLevel::derived, "a paper"};
    device.profile.idle_w = {42, {}, {}, energy::EvidenceLevel::derived, "a paper"};
    for (const auto& end : ends_of(device)) {
        CHECK(end.profile.floor_s.value == 0.002);
        CHECK(end.profile.idle_w->value <= end.profile.tenth_of_load_w->value);
        CHECK(end.profile.tenth_of_load_w->value <= end.profile.busy_w->value);
    }
    CHECK(ends_of(device)[0].profile.idle_w->value == 40);  // no more than it draws busy
}

TEST_CASE("Of what was measured one by one, each set-up is an end", "[analyzing]")
{
    energy::InferenceProfile board;
    board.id = "board";
    const auto add = [&](double seconds, double joules, energy::InferenceRowUse use) {
        board.rows.push_back(
            {"net", 10'000'000, spec::NumberType::int8, Seconds{seconds}, Joules{joules}, "a compiler", use, "a log"});
    };
    add(0.1, 0.004, energy::InferenceRowUse::fitted);
    add(0.2, 0.020, energy::InferenceRowUse::band);
    const auto ends = ends_of({*energy::one_by_one(board), board});
    const auto has = [&](double gmac_per_s, double watts) {
        return std::ranges::any_of(ends, [&](const ServedDevice& end) {
            const auto* rate = end.profile.rate(Arithmetic::int8);
            return rate->gmac_per_s.value == Approx(gmac_per_s) && rate->busy_w->value == Approx(watts);
        });
    };
    CHECK(has(0.1, 0.04));
    CHECK(has(0.05, 0.1));
    CHECK_FALSE(has(0.05, 0.04));  // no rate goes with another set-up's watts
}
