#include "common/energy/meters/battery.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using fedgram::energy::test::at;
using fedgram::energy::test::FakeSysfs;

namespace {

void add_battery(const FakeSysfs& sys, const std::string& name, const std::string& status)
{
    sys.set("class/power_supply/" + name + "/type", "Battery");
    sys.set("class/power_supply/" + name + "/status", status);
}

}  // namespace

TEST_CASE("A discharging battery measures the device, whatever the sign of its current")
{
    for (const std::string current : {"1500000", "-1500000"}) {
        const FakeSysfs sys;
        add_battery(sys, "BAT0", "Discharging");
        sys.set("class/power_supply/BAT0/voltage_now", 12'000'000);
        sys.set("class/power_supply/BAT0/current_now", current);
        const auto found = open_battery(sys.root());
        auto& meter = *found.meters.at(0);
        CHECK(meter.boundary() == Boundary::wall);
        meter.start(at(0));
        CHECK(meter.read(at(10)).joules->count() == Approx(180));  // 12 V x 1.5 A x 10 s
    }
}

TEST_CASE("A charger plugged in mid-run ends the measurement in a gap")
{
    const FakeSysfs sys;
    add_battery(sys, "BAT0", "Discharging");
    sys.set("class/power_supply/BAT0/power_now", 15'000'000);
    const auto found = open_battery(sys.root());
    auto& meter = *found.meters.at(0);
    meter.start(at(0));
    static_cast<void>(meter.read(at(2)));
    add_battery(sys, "BAT0", "Charging");
    const auto reading = meter.read(at(4));
    CHECK(reading.joules->count() == Approx(30));
    REQUIRE(reading.gaps.size() == 1);
    CHECK(reading.gaps[0].from == at(2));
    CHECK_THAT(reading.gaps[0].reason, Catch::Contains("Charging"));
}

TEST_CASE("A battery that isn't discharging is no meter, nor is one that reports no power")
{
    for (const std::string status : {"Charging", "Full", "Not charging", "Unknown"}) {
        const FakeSysfs sys;
        add_battery(sys, "BAT0", status);
        sys.set("class/power_supply/BAT0/power_now", 15'000'000);
        const auto found = open_battery(sys.root());
        CHECK(found.meters.empty());
        CHECK_THAT(found.unavailable.at(0).reason, Catch::Contains(status));
    }
    const FakeSysfs sys;
    add_battery(sys, "BAT0", "Discharging");
    sys.set("class/power_supply/BAT0/power_now", 0);
    CHECK(open_battery(sys.root()).meters.empty());
}

TEST_CASE("A mouse's battery isn't the host's; a second one of the host may rest")
{
    const FakeSysfs sys;
    add_battery(sys, "hid-mouse", "Discharging");
    sys.set("class/power_supply/hid-mouse/scope", "Device");
    CHECK_THAT(open_battery(sys.root()).unavailable.at(0).reason, Catch::StartsWith("none in"));
    add_battery(sys, "BAT0", "Discharging");
    sys.set("class/power_supply/BAT0/power_now", 9'000'000);
    add_battery(sys, "BAT1", "Full");
    const auto found = open_battery(sys.root());
    found.meters.at(0)->start(at(0));
    CHECK(found.meters[0]->read(at(1)).joules->count() == Approx(9));
}
