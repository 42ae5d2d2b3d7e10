#include "experiments/calibration/serving_record.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/energy/devices/served_form_json.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using energy::Arithmetic;

namespace {

MeasuredMachine machine()
{
    auto form = energy::parse_served_form(energy::test::served_form_json(), "form");
    auto other = form;
    other.name = "a larger net";
    other.macs *= 2;
    auto int8 = form;
    int8.arithmetic = Arithmetic::int8;
    int8.engine.pop_back();
    return {.id = "pc", .name = "A computer", .what = "a CPU, 2 cores", .cores = 2, .forms = {int8, form, other}};
}

}  // namespace

TEST_CASE("A machine's record reads back, with a rate for each kind of number", "[calibration]")
{
    const auto profile = serving_record(machine());
    CHECK(to_json(energy::parse_serving_profile(to_json(profile), "pc.json")) == to_json(profile));
    REQUIRE(profile.rates.size() == 2);
    // 8 GMAC in 5 ms; the larger net 16.
    CHECK(profile.rate(Arithmetic::fp32)->gmac_per_s.value == Approx(1600));
    CHECK(*profile.rate(Arithmetic::fp32)->gmac_per_s.high == Approx(3200));
    CHECK(profile.rate(Arithmetic::int8)->gmac_per_s.value == Approx(2000));
    CHECK(profile.largest_batch->value == 4);
    CHECK(profile.floor_s.value == Approx(0.0004));
    CHECK(profile.cores->value == 2);
    CHECK(profile.forms.size() == 3);
    CHECK_FALSE(profile.power(Arithmetic::fp32, 1));
}

TEST_CASE("Busy watts are those of all cores", "[calibration]")
{
    auto stated = machine();
    stated.core_w = energy::Figure{7, 4, 12, energy::EvidenceLevel::assumed, "stated"};
    const auto profile = serving_record(stated);
    CHECK(profile.power(Arithmetic::fp32, 1)->count() == 14);
    CHECK(profile.power(Arithmetic::fp32, 0.5)->count() == 7);
    CHECK(*profile.busy_w->low == 8);
    CHECK(*profile.busy_w->high == 24);
}
