#include "common/energy/devices/device_profile.hpp"

#include <limits>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using Json = nlohmann::ordered_json;

namespace {

Json figure(double value) { return {{"value", value}, {"standing", "published"}, {"source", "a data sheet"}}; }

Json tx2()
{
    Json json{{"id", "jetson-tx2"}, {"name", "NVIDIA Jetson TX2"}, {"class", "edge"}, {"boundary", "module"}};
    json["figures"] = {{"idle_w", figure(1)},       {"train_w", figure(9)},
                       {"network_w", figure(2)},    {"sustained_gflops", figure(200)},
                       {"memory_gb_s", figure(40)}, {"step_overhead_s", figure(0.002)}};
    return json;
}

}  // namespace

TEST_CASE("A profile has its figures in units")
{
    auto json = tx2();
    json["figures"]["train_w"] = {
        {"value", 9}, {"low", 7}, {"high", 12}, {"standing", "measured"}, {"source", "tegrastats, VDD_IN"}};
    const auto profile = parse_device_profile(json, "tx2.json: device");
    CHECK(profile.device_class == DeviceClass::edge);
    CHECK(profile.train_power() == Watts{9});
    CHECK(profile.train_w.low == 7);
    CHECK(profile.train_w.high == 12);
    CHECK(profile.train_w.evidence == EvidenceLevel::measured);
    CHECK(profile.flops_per_second() == 200e9);
    CHECK(profile.memory_bytes_per_second() == 40e9);
    CHECK(profile.step_overhead() == Seconds{0.002});
    CHECK_FALSE(profile.embodied_kgco2e.has_value());
    CHECK(profile.figures().size() == 6);
}

TEST_CASE("A profile written and parsed is the same")
{
    auto json = tx2();
    json["figures"]["embodied_kgco2e"] = figure(30);
    json["figures"]["lifetime_years"] = figure(5);
    json["figures"]["train_w"] = {{"value", 9.0}, {"low", 7.0}, {"standing", "assumed"}, {"source", "a guess"}};
    CHECK(to_json(parse_device_profile(json, "device")) == json);
}

TEST_CASE("A profile with a fault is refused by key, value and remedy")
{
    const auto error_of = [](const Json& json) -> std::string {
        try {
            (void)parse_device_profile(json, "tx2.json: device");
        } catch (const SpecError& error) {
            return error.what();
        }
        return "no error";
    };
    auto json = tx2();

    SECTION("a figure is missing")
    {
        json["figures"].erase("idle_w");
        CHECK(error_of(json) == "tx2.json: device.figures.idle_w: missing; add it");
    }
    SECTION("a figure is negative")
    {
        json["figures"]["idle_w"]["value"] = -1;
        CHECK(error_of(json) == "tx2.json: device.figures.idle_w.value: -1 is not valid; use a number of at least 0");
    }
    SECTION("a rate is zero")
    {
        json["figures"]["sustained_gflops"]["value"] = 0;
        CHECK(error_of(json) ==
              "tx2.json: device.figures.sustained_gflops.value: 0 is not valid; use a number above 0");
    }
    SECTION("a figure is not a number")
    {
        json["figures"]["train_w"]["value"] = std::numeric_limits<double>::quiet_NaN();
        CHECK(error_of(json) == "tx2.json: device.figures.train_w.value: NaN is not valid; use a number above 0");
    }
    SECTION("a figure has no source")
    {
        json["figures"]["train_w"].erase("source");
        CHECK(error_of(json) == "tx2.json: device.figures.train_w.source: missing; add it");
    }
    SECTION("a key is unknown")
    {
        json["figures"]["tdp_w"] = figure(15);
        CHECK(error_of(json).find("tx2.json: device.figures.tdp_w: unknown key; use idle_w,") == 0);
    }
    SECTION("the band doesn't hold the value")
    {
        json["figures"]["train_w"]["low"] = 10;
        CHECK(error_of(json) == "tx2.json: device.figures.train_w.low: 10 is not valid; use a number above 0 to 9");
    }
    SECTION("the class is unknown")
    {
        json["class"] = "phone";
        CHECK(error_of(json) == "tx2.json: device.class: \"phone\" is not valid; use one of datacenter, edge");
    }
}
