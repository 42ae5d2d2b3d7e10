#include "experiments/validation/device_check.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "experiments/validation/check_report.hpp"
#include "tests/unit/energy/pricing/round_figures.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using Json = nlohmann::ordered_json;

namespace {

Json row(const std::string& use, double seconds, double watts)
{
    return {{"network", "resnet-8"}, {"pass", "inference"}, {"batch", 1},
            {"seconds", seconds},    {"watts", watts},      {"use", use}};
}

Measurements measured(const Json& rows)
{
    return parse_measurements(
        {{"device", "round"}, {"sets", {{{"source", "a meter"}, {"licence", "none"}, {"rows", rows}}}}}, "rows.json");
}

// As the device has no launches to wait for: 25,003,264 FLOPs at 1 GFLOP/s and 10 W.
energy::DeviceProfile device_under_test()
{
    auto device = energy::test::round_figures();
    for (auto figure : {&energy::DeviceProfile::kernel_s, &energy::DeviceProfile::eager_launch_s,
                        &energy::DeviceProfile::step_overhead_s, &energy::DeviceProfile::loading_s})
        (device.*figure).value = 0;
    return device;
}

energy::DeviceProfile no_other(const std::string& id) { throw SpecError{"no " + id}; }

}  // namespace

TEST_CASE("Factors are taken over the rows that are checked, whichever side is larger")
{
    const double seconds = 2 * 12'501'632 / 1e9;
    const auto rows = measured({row("fitted", seconds * 7, 10), row("checked", seconds / 2, 20),
                                row("checked", seconds * 1.25, 8), row("checked", seconds, 10)});
    const auto check = check_device(device_under_test(), rows, no_other);
    REQUIRE(check.rows.size() == 4);
    CHECK(check.rows[1].seconds->ratio() == Approx(2));
    CHECK(check.rows[1].watts->ratio() == Approx(0.5));
    CHECK(check.rows[1].joules->ratio() == Approx(1));
    REQUIRE(check.validation);
    CHECK(check.validation->rows == 3);
    CHECK(check.validation->seconds.median == Approx(1.25));
    CHECK(check.validation->seconds.worst == Approx(2));
    CHECK(check.validation->watts.median == Approx(1.25));
    CHECK(check.validation->joules.worst == Approx(1));
    CHECK(check.validation->source == "a meter");
}

TEST_CASE("A profile that was fitted to each row is not validated")
{
    const auto rows = measured(Json::array({row("fitted", 0.025, 10)}));
    const auto check = check_device(device_under_test(), rows, no_other);
    CHECK_FALSE(check.validation);
    CHECK_THAT(check_text(device_under_test(), rows, check), Catch::Matchers::Contains("No row is left to check"));
    CHECK(check_json(device_under_test(), rows, check)["validation"].is_null());
}

TEST_CASE("Seconds may be a ratio to another device's, and then make no joules")
{
    auto json = row("checked", 0.5, 10);
    json["seconds_of"] = "slow";
    const auto rows = measured(Json::array({json}));
    const auto check = check_device(device_under_test(), rows, [](const std::string& id) {
        CHECK(id == "slow");
        auto slow = device_under_test();
        slow.sustained_gflops.value = 0.5;
        return slow;
    });
    CHECK(check.rows[0].seconds->modelled == Approx(0.5));
    CHECK_FALSE(check.rows[0].joules);
}

TEST_CASE("A row's own power limit and execution hold for it")
{
    auto json = row("checked", 0.05, 6.25);
    json["power_limit_w"] = 6.25;
    const auto rows = measured(Json::array({json}));
    const auto check = check_device(device_under_test(), rows, no_other);
    CHECK(check.rows[0].seconds->ratio() == Approx(1).epsilon(0.001));
    CHECK(check.rows[0].watts->ratio() == Approx(1));
}

TEST_CASE("A faulty row is refused by path, value and remedy")
{
    const auto refused = [](auto change, const std::string& error) {
        auto json = row("checked", 1, 1);
        change(json);
        CHECK_THROWS_WITH(measured(Json::array({json})), "rows.json.sets[0].rows[0]" + error);
    };
    refused([](Json& json) { json["network"] = "vgg"; },
            ".network: \"vgg\" is no network whose cost is known; use one of densenet-121, ncf, resnet-8, resnet-18, "
            "resnet-18-cifar, "
            "resnet-50, resnet-152, shufflenet-v2, ssd-vgg, vgg-16");
    refused([](Json& json) { json["batch"] = 0; }, ".batch: 0 is not valid; use 1 to 100,000,000");
    refused([](Json& json) { json["use"] = "shown"; }, ".note: missing; say why the row counts nowhere");
    refused([](Json& json) { json.erase("seconds"), json.erase("watts"); },
            ": neither seconds nor watts; state at least one of them");
    refused([](Json& json) { json.erase("pass"); }, ".optimizer: missing; add it");
    refused([](Json& json) { json["watts"] = -1; }, ".watts: -1 is not valid; use a number above 0");
    refused([](Json& json) { json["pass"] = "inference", json["network"] = "small-cnn"; },
            ".pass: \"inference\" is not valid; use \"train\" for a built-in model");
}

TEST_CASE("Each profile of record states what its measurements show")
{
    for (const auto& id : measured_devices()) {
        CAPTURE(id);
        const auto profile = device(id);
        const auto check = check_device(profile, measurements_of_record(id), device);
        REQUIRE(profile.validation.has_value() == check.validation.has_value());
        if (!check.validation) continue;
        const auto alike = [](const energy::FactorSpread& stated, const energy::FactorSpread& found) {
            CHECK(stated.median == Approx(found.median).margin(0.001));
            CHECK(stated.worst == Approx(found.worst).margin(0.001));
        };
        CHECK(profile.validation->rows == check.validation->rows);
        CHECK(profile.validation->source == check.validation->source);
        alike(profile.validation->seconds, check.validation->seconds);
        alike(profile.validation->watts, check.validation->watts);
        alike(profile.validation->joules, check.validation->joules);
    }
}

TEST_CASE("GPUs agree with rows that they weren't fitted to")
{
    for (const auto* id : {"v100", "p100", "h100", "a40", "rtx-6000"}) {
        CAPTURE(id);
        const auto profile = device(id);
        REQUIRE(profile.validation);
        CHECK(profile.validation->joules.median <= 1.2);
        CHECK(profile.validation->joules.worst <= 1.8);
        CHECK(profile.validation->watts.worst <= 1.5);
    }
}

TEST_CASE("Measurements that aren't of record are answered with those that are")
{
    CHECK_THROWS_WITH(measurements_of_record("phone"),
                      Catch::Matchers::StartsWith("there are no measurements of \"phone\"; give some by --measurements "
                                                  "FILE, or use one of a40, h100, "));
}
