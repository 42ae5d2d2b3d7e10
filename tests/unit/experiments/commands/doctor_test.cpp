#include "experiments/commands/doctor.hpp"

#include <cmath>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/captured_output.hpp"
#include "tests/unit/energy/meters/fake_driver.hpp"
#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using fedgram::energy::test::FakeDriver;
using fedgram::energy::test::FakeSysfs;
using Json = nlohmann::json;

namespace {

std::string examined(const experiments::DoctorOptions& options)
{
    const fedgram::test::CapturedOutput output;
    CHECK(experiments::doctor(options) == 0);
    return output.text();
}

Json finding(const Json& findings, const std::string& what)
{
    for (const auto& finding : findings)
        if (finding["what"] == what) return finding;
    return {};
}

}  // namespace

TEST_CASE("doctor reads each meter's mean watts and each GPU's use, with units in the keys", "[experiments]")
{
    const FakeSysfs sys;
    sys.set("class/powercap/intel-rapl:0/name", "package-0");
    sys.set("class/powercap/intel-rapl:0/energy_uj", 1'000'000);
    const FakeDriver driver;
    driver->energy_result = 3;  // not supported: its power is integrated
    driver->power_mw = 100'000;
    const auto findings = Json::parse(examined(
        {.json = true, .seconds = 0.3, .sys = sys.root(), .nvml_library = fedgram::test::fake_nvml_library()}));
    for (const auto& each : findings) {
        CHECK(each["what"].is_string());
        CHECK(each["works"].is_boolean());
        CHECK(each["detail"].is_string());
    }
    const auto gpu = finding(findings, "meter GPU 0 Fake V100");
    CHECK(gpu["boundary"] == "board");
    CHECK(gpu["method"] == "power_integrated");
    // Constant power over a time that lies within the one it is divided by: never more, and not by how much less.
    CHECK(gpu["mean_w"].get<double>() > 0);
    CHECK(gpu["mean_w"].get<double>() < 100.001);
    // A counter that doesn't move tells nothing: no zero, but a reason.
    const auto rapl = finding(findings, "meter RAPL package");
    CHECK(rapl["works"] == true);
    CHECK_FALSE(rapl.contains("mean_w"));
    const auto use = finding(findings, "use of GPU 0 Fake V100");
    CHECK(use["busy_share"] == 0.75);
    CHECK(use["memory_used_bytes"] == 3500);
    CHECK(use["memory_total_bytes"] == 16000);
    const auto battery = finding(findings, "meter battery");
    CHECK(battery["works"] == false);
    CHECK(battery["reason"].is_string());
    CHECK(battery["remedy"].is_string());
}

TEST_CASE("A time that isn't one is refused", "[experiments]")
{
    for (const double seconds : {-1.0, 3601.0, std::nan("")})
        CHECK_THROWS_WITH(experiments::doctor({.seconds = seconds}), Catch::Contains("use 0 to 3600"));
}

TEST_CASE("Without --seconds doctor reads no mean watts, and a GPU that tells nothing is no reading of 0",
          "[experiments]")
{
    const FakeSysfs sys;
    const FakeDriver driver;
    driver->usage_result = 3;
    const auto findings =
        Json::parse(examined({.json = true, .sys = sys.root(), .nvml_library = fedgram::test::fake_nvml_library()}));
    CHECK_FALSE(finding(findings, "meter GPU 0 Fake V100").contains("mean_w"));
    const auto use = finding(findings, "use of GPU 0 Fake V100");
    CHECK(use["works"] == false);
    CHECK_FALSE(use.contains("busy_share"));
    CHECK_FALSE(use.contains("memory_used_bytes"));
}
