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
    json["figures"] = {{"idle_w", figure(1)},
                       {"active_idle_w", figure(3)},
                       {"small_kernels_w", figure(4)},
                       {"full_w", figure(9)},
                       {"network_w", figure(2)},
                       {"sustained_gflops", figure(200)},
                       {"memory_gb_s", figure(40)},
                       {"kernel_s", figure(2e-5)},
                       {"eager_launch_s", figure(5e-5)},
                       {"graph_launch_s", figure(3e-6)},
                       {"step_overhead_s", figure(0.002)},
                       {"loading_s", figure(1e-5)}};
    return json;
}

}  // namespace

TEST_CASE("A profile has its figures in units")
{
    auto json = tx2();
    json["figures"]["full_w"] = {
        {"value", 9}, {"low", 7}, {"high", 12}, {"standing", "measured"}, {"source", "tegrastats, VDD_IN"}};
    const auto profile = parse_device_profile(json, "tx2.json: device");
    CHECK(profile.device_class == DeviceClass::edge);
    CHECK(profile.full_w.value == 9);
    CHECK(profile.full_w.low == 7);
    CHECK(profile.full_w.high == 12);
    CHECK(profile.full_w.evidence == EvidenceLevel::measured);
    CHECK(profile.flops_per_second() == 200e9);
    CHECK(profile.memory_bytes_per_second() == 40e9);
    CHECK_FALSE(profile.embodied_kgco2e.has_value());
    CHECK(profile.figures().size() == 12);
}

TEST_CASE("A profile written and parsed is the same")
{
    auto json = tx2();
    json["figures"]["embodied_kgco2e"] = figure(30);
    json["figures"]["lifetime_years"] = figure(5);
    json["figures"]["full_w"] = {{"value", 9.0}, {"low", 7.0}, {"standing", "assumed"}, {"source", "a guess"}};
    CHECK(to_json(parse_device_profile(json, "device")) == json);
}

TEST_CASE("What a profile was held against widens its joules by the worst factor")
{
    auto json = tx2();
    CHECK(parse_device_profile(json, "device").model_error.low == 0.5);
    CHECK(parse_device_profile(json, "device").model_error.high == 2);
    const Json spread{{"median", 1.1}, {"worst", 1.6}};
    json["validation"] = {
        {"rows", 12}, {"seconds", spread}, {"watts", spread}, {"joules", spread}, {"source", "a trace"}};
    const auto profile = parse_device_profile(json, "device");
    CHECK(profile.model_error.value == 1);
    CHECK(profile.model_error.low == 1 / 1.6);
    CHECK(profile.model_error.high == 1.6);
    CHECK(profile.model_error.source == "the worst of 12 measured rows: a trace");
    CHECK(to_json(profile) == json);

    // A few good rows say little.
    json["validation"]["rows"] = 2;
    json["validation"]["joules"]["worst"] = 1.1;
    CHECK(parse_device_profile(json, "device").model_error.high == 1.5);
    json["validation"]["joules"]["worst"] = 2.9;
    CHECK(parse_device_profile(json, "device").model_error.high == 2.9);
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
        CHECK(error_of(json) ==
              "tx2.json: device.figures.idle_w.value: -1 is not valid; use a number from 0 to 1000000");
    }
    SECTION("a rate is zero")
    {
        json["figures"]["sustained_gflops"]["value"] = 0;
        CHECK(error_of(json) ==
              "tx2.json: device.figures.sustained_gflops.value: 0 is not valid; use a number above 0");
    }
    SECTION("a figure is not a number")
    {
        json["figures"]["full_w"]["value"] = std::numeric_limits<double>::quiet_NaN();
        CHECK(error_of(json) ==
              "tx2.json: device.figures.full_w.value: NaN is not valid; use a number above 0, and at most 1000000");
    }
    SECTION("a figure has no source")
    {
        json["figures"]["full_w"].erase("source");
        CHECK(error_of(json) == "tx2.json: device.figures.full_w.source: missing; add it");
    }
    SECTION("a key is unknown")
    {
        json["figures"]["tdp_w"] = figure(15);
        CHECK(error_of(json).find("tx2.json: device.figures.tdp_w: unknown key; use idle_w,") == 0);
    }
    SECTION("the band doesn't hold the value")
    {
        json["figures"]["full_w"]["low"] = 10;
        CHECK(error_of(json) == "tx2.json: device.figures.full_w.low: 10 is not valid; use a number above 0 to 9");
    }
    SECTION("the watts fall where they must rise")
    {
        json["figures"]["small_kernels_w"]["value"] = 2;
        CHECK(error_of(json) ==
              "tx2.json: device.figures.small_kernels_w.value: 2.0 is not valid; use at least active_idle_w, 3.0");
        json["figures"]["small_kernels_w"]["value"] = 10;
        CHECK(error_of(json) ==
              "tx2.json: device.figures.full_w.value: 9.0 is not valid; use at least small_kernels_w, 10.0");
    }
    SECTION("a power limit leaves nothing above small kernels")
    {
        json["figures"]["power_limit_w"] = figure(4);
        CHECK(error_of(json) ==
              "tx2.json: device.figures.power_limit_w.value: 4.0 is not valid; use more than small_kernels_w, 4.0");
    }
    SECTION("the profile is of the older form")
    {
        for (const auto* key : {"active_idle_w", "small_kernels_w", "full_w", "kernel_s"}) json["figures"].erase(key);
        json["figures"]["train_w"] = figure(9);
        CHECK(is_older_form(json));
        CHECK(error_of(json) ==
              "tx2.json: device: a profile of the older form, with one train_w for all that it computes; it lacks "
              "active_idle_w, small_kernels_w, full_w, kernel_s, and its step_overhead_s has the launches in it; "
              "common/energy/PROFILES.md "
              "says how to complete one");
    }
    SECTION("several things are wrong")
    {
        json["class"] = "phone";
        json.erase("name");
        json["figures"]["idle_w"] = {{"value", -1}, {"low", 3}, {"standing", "guessed"}};
        json["figures"]["full_w"].erase("source");
        json["figures"]["price_usd"] = 3;
        json["validation"] = {{"rows", 0}, {"seconds", {{"median", 0.5}, {"worst", 0.2}}}, {"watts", 1}};
        json["colour"] = "green";
        const std::string path = "tx2.json: device.";
        CHECK(error_of(json) ==
              path + "name: missing; add it\n" + path + "class: \"phone\" is not valid; use one of datacenter, edge\n" +
                  path + "figures.idle_w.value: -1 is not valid; use a number from 0 to 1000000\n" + path +
                  "figures.idle_w.standing: \"guessed\" is not valid; use one of measured, fitted, published, derived, "
                  "assumed, recalled\n" +
                  path + "figures.idle_w.source: missing; add it\n" + path +
                  "figures.full_w.source: missing; add it\n" + path +
                  "figures.price_usd: 3 is not valid; use an object\n" + path +
                  "validation.rows: 0 is not valid; use at least 1\n" + path +
                  "validation.seconds.median: 0.5 is not valid; use a number of at least 1\n" + path +
                  "validation.watts: 1 is not valid; use an object\n" + path + "validation.joules: missing; add it\n" +
                  path + "validation.source: missing; add it\n" + path +
                  "colour: unknown key; use id, name, class, boundary, figures, validation");
    }
    SECTION("several figures don't go together")
    {
        json["figures"]["small_kernels_w"]["value"] = 2;
        json["figures"]["full_w"]["value"] = 1;
        CHECK(error_of(json) ==
              "tx2.json: device.figures.small_kernels_w.value: 2.0 is not valid; use at least active_idle_w, 3.0\n"
              "tx2.json: device.figures.full_w.value: 1.0 is not valid; use at least small_kernels_w, 2.0");
    }
    SECTION("the class is unknown")
    {
        json["class"] = "phone";
        CHECK(error_of(json) == "tx2.json: device.class: \"phone\" is not valid; use one of datacenter, edge");
    }
}
