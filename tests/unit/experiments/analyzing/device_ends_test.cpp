#include "experiments/analyzing/device_ends.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::experiments;
using energy::Arithmetic;

TEST_CASE("A server is at its best and at its worst by all figures at once", "[analyzing]")
{
    ServedDevice device;
    device.profile.id = "chip";
    device.profile.rates = {{Arithmetic::fp32, {1000, 500, 2000, energy::EvidenceLevel::assumed, "a data sheet"}}};
    const auto ends = ends_of(device);
    REQUIRE(ends.size() == 2);
    CHECK(ends[0].profile.rates.front().gmac_per_s.value == 2000);
    CHECK(ends[1].profile.rates.front().gmac_per_s.value == 500);
    CHECK_FALSE(ends[0].one_by_one);
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
