#include "common/energy/meters/discover.hpp"

#include <catch2/catch.hpp>

#include "tests/support/places.hpp"
#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram::energy;
using fedgram::energy::test::FakeSysfs;

TEST_CASE("A bare machine has no meter, and for each kind a reason and a remedy")
{
    const FakeSysfs sys;
    const auto found = discover(sys.root(), "/nowhere/libnvidia-ml.so.1");
    CHECK(found.meters.empty());
    REQUIRE(found.unavailable.size() == 5);
    for (const auto& meter : found.unavailable) {
        CHECK_FALSE(meter.reason.empty());
        CHECK_FALSE(meter.remedy.empty());
    }
}

TEST_CASE("What works is found beside what doesn't")
{
    const FakeSysfs sys;
    sys.set("class/powercap/intel-rapl:0/name", "package-0");
    sys.set("class/powercap/intel-rapl:0/energy_uj", 1);
    const auto found = discover(sys.root(), fedgram::test::fake_nvml_library());
    CHECK(found.meters.size() == 1);
    CHECK(found.meters.at(0)->name() == "RAPL package");
    CHECK(found.unavailable.size() == 4);
}

TEST_CASE("Of the machine count the meters that hold its processor: no GPU, no sensor of an unknown part")
{
    const FakeSysfs sys;
    sys.set("class/powercap/intel-rapl:0/name", "package-0");
    sys.set("class/powercap/intel-rapl:0/energy_uj", 1);
    sys.set("class/hwmon/hwmon0/name", "nvme");
    sys.set("class/hwmon/hwmon0/power1_input", 5'000'000);
    sys.set("class/hwmon/hwmon1/name", "power_meter");
    sys.set("class/hwmon/hwmon1/power1_average", 80'000'000);
    const auto found = discover_machine(sys.root());
    REQUIRE(found.meters.size() == 2);
    CHECK(found.meters[0]->name() == "RAPL package");
    CHECK(found.meters[1]->boundary() == Boundary::wall);
}
