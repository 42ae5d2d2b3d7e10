#include "common/energy/meters/hwmon.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using fedgram::energy::test::at;
using fedgram::energy::test::FakeSysfs;

TEST_CASE("amd_energy: a socket is counted, the cores inside it aren't")
{
    const FakeSysfs sys;
    sys.set("class/hwmon/hwmon0/name", "amd_energy");
    sys.set("class/hwmon/hwmon0/energy1_label", "Ecore000");
    sys.set("class/hwmon/hwmon0/energy1_input", 1'000'000);
    sys.set("class/hwmon/hwmon0/energy2_label", "Esocket0");
    sys.set("class/hwmon/hwmon0/energy2_input", 5'000'000);
    const auto found = open_hwmon(sys.root());
    REQUIRE(found.meters.size() == 1);
    auto& meter = *found.meters[0];
    CHECK(meter.name() == "hwmon amd_energy Esocket0");
    CHECK(meter.method() == Method::counter);
    CHECK(meter.boundary() == Boundary::chip);
    meter.start(at(0));
    sys.set("class/hwmon/hwmon0/energy2_input", 85'000'000);
    CHECK(meter.read(at(1)).joules->count() == Approx(80));
}

TEST_CASE("A server's power meter is integrated, by its mean where it has one")
{
    const FakeSysfs sys;
    sys.set("class/hwmon/hwmon1/name", "power_meter");
    sys.set("class/hwmon/hwmon1/power1_average", 200'000'000);
    sys.set("class/hwmon/hwmon1/power1_input", 999'000'000);
    const auto found = open_hwmon(sys.root());
    REQUIRE(found.meters.size() == 1);
    auto& meter = *found.meters[0];
    CHECK(meter.method() == Method::power_integrated);
    CHECK(meter.boundary() == Boundary::wall);
    meter.start(at(0));
    CHECK(meter.read(at(3)).joules->count() == Approx(600));
}

TEST_CASE("Batteries and Jetson rails are left to their own meters")
{
    const FakeSysfs sys;
    sys.set("class/hwmon/hwmon0/name", "ina3221");
    sys.set("class/hwmon/hwmon0/power1_input", 1'000'000);
    sys.set("class/hwmon/hwmon1/name", "BAT0");
    sys.set("class/hwmon/hwmon1/power1_input", 1'000'000);
    std::filesystem::create_directories(sys.root() / "class/hwmon/hwmon1/device");
    std::filesystem::create_directory_symlink("../../../../class/power_supply",
                                              sys.root() / "class/hwmon/hwmon1/device/subsystem");
    const auto found = open_hwmon(sys.root());
    CHECK(found.meters.empty());
    CHECK_THAT(found.unavailable.at(0).reason, Catch::StartsWith("no energy or power sensor"));
}

TEST_CASE("Sensors that look alike are told apart by their devices' addresses, however the kernel numbers them")
{
    const FakeSysfs sys;
    const auto add_gpu = [&](const std::string& hwmon, const std::string& address) {
        const auto chip = "class/hwmon/" + hwmon;
        sys.set(chip + "/name", "amdgpu");
        sys.set(chip + "/power1_label", "PPT");
        sys.set(chip + "/power1_average", 30'000'000);
        std::filesystem::create_directory_symlink("../../../" + address, sys.root() / chip / "device");
    };
    add_gpu("hwmon1", "0000:0a:00.0");
    CHECK(open_hwmon(sys.root()).meters.at(0)->name() == "hwmon amdgpu PPT");
    add_gpu("hwmon5", "0000:03:00.0");
    const auto found = open_hwmon(sys.root());
    REQUIRE(found.meters.size() == 2);
    CHECK(found.meters[0]->name() == "hwmon amdgpu PPT 0000:0a:00.0");
    CHECK(found.meters[1]->name() == "hwmon amdgpu PPT 0000:03:00.0");
}

TEST_CASE("Channels of one device with the same label are told apart by their numbers")
{
    const FakeSysfs sys;
    sys.set("class/hwmon/hwmon0/name", "ina226");
    for (const std::string channel : {"power1", "power2"}) {
        sys.set("class/hwmon/hwmon0/" + channel + "_label", "rail");
        sys.set("class/hwmon/hwmon0/" + channel + "_input", 1'000'000);
    }
    const auto found = open_hwmon(sys.root());
    REQUIRE(found.meters.size() == 2);
    CHECK(found.meters[0]->name() == "hwmon ina226 rail hwmon0 power1");
    CHECK(found.meters[1]->name() == "hwmon ina226 rail hwmon0 power2");
}

TEST_CASE("A sensor that can't be read is a finding with its file")
{
    const FakeSysfs sys;
    sys.set("class/hwmon/hwmon0/name", "amdgpu");
    sys.set_unreadable("class/hwmon/hwmon0/power1_average");
    const auto found = open_hwmon(sys.root());
    CHECK(found.meters.empty());
    CHECK_THAT(found.unavailable.at(0).reason, Catch::Contains("power1_average"));
}
