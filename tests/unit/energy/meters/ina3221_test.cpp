#include "common/energy/meters/ina3221.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using fedgram::energy::test::at;
using fedgram::energy::test::FakeSysfs;

namespace {

void add_hwmon_rail(const FakeSysfs& sys, const std::string& device, const std::string& channel,
                    const std::string& label, std::uint64_t millivolts, std::uint64_t milliamperes)
{
    const auto chip = "bus/i2c/drivers/ina3221/" + device + "/hwmon/hwmon3/";
    sys.set(chip + "in" + channel + "_label", label);
    sys.set(chip + "in" + channel + "_input", millivolts);
    sys.set(chip + "curr" + channel + "_input", milliamperes);
}

void add_iio_rail(const FakeSysfs& sys, const std::string& chip, const std::string& channel, const std::string& label,
                  std::uint64_t milliwatts)
{
    const auto folder = "bus/i2c/drivers/ina3221x/" + chip + "/";
    sys.set(folder + "rail_name_" + channel, label);
    sys.set(folder + "in_power" + channel + "_input", milliwatts);
}

/// Over 10 s at what the files say.
double joules_in_ten_seconds(const Found& found)
{
    auto& meter = *found.meters.at(0);
    CHECK(meter.method() == Method::power_integrated);
    CHECK(meter.boundary() == Boundary::module);
    meter.start(at(0));
    return meter.read(at(10)).joules->count();
}

}  // namespace

TEST_CASE("Orin NX and Xavier NX: VDD_IN is the total, and its children aren't added")
{
    const FakeSysfs sys;
    add_hwmon_rail(sys, "1-0040", "1", "VDD_IN", 5000, 2000);  // 10 W
    add_hwmon_rail(sys, "1-0040", "2", "VDD_CPU_GPU_CV", 5000, 1000);
    add_hwmon_rail(sys, "1-0040", "3", "VDD_SOC", 5000, 500);
    const auto found = open_ina3221(sys.root());
    CHECK(found.meters.at(0)->name() == "INA3221 VDD_IN");
    CHECK(joules_in_ten_seconds(found) == Approx(100));
}

TEST_CASE("AGX Orin has no input rail: its rails are summed, without NC and the shunts")
{
    const FakeSysfs sys;
    add_hwmon_rail(sys, "1-0040", "1", "VDD_GPU_SOC", 20000, 300);  // 6 W
    add_hwmon_rail(sys, "1-0040", "2", "VDD_CPU_CV", 20000, 100);   // 2 W
    add_hwmon_rail(sys, "1-0040", "3", "VIN_SYS_5V0", 5000, 800);   // 4 W: not the input, whatever its name
    add_hwmon_rail(sys, "1-0040", "7", "sum of shunt voltages", 5000, 9000);
    add_hwmon_rail(sys, "1-0041", "1", "NC", 5000, 9000);
    add_hwmon_rail(sys, "1-0041", "2", "VDDQ_VDD2_1V8AO", 5000, 200);  // 1 W
    const auto found = open_ina3221(sys.root());
    CHECK(found.meters.at(0)->name() == "INA3221 VDD_GPU_SOC + VDD_CPU_CV + VIN_SYS_5V0 + VDDQ_VDD2_1V8AO");
    CHECK(joules_in_ten_seconds(found) == Approx(130));
}

TEST_CASE("TX2 on JetPack 4: the input rail is found on the second chip")
{
    const FakeSysfs sys;
    add_iio_rail(sys, "0-0040/iio:device0", "0", "VDD_SYS_GPU", 2000);
    add_iio_rail(sys, "0-0040/iio:device0", "1", "VDD_SYS_SOC", 1000);
    add_iio_rail(sys, "0-0041/iio:device1", "0", "VDD_IN", 7500);
    add_iio_rail(sys, "0-0041/iio:device1", "1", "VDD_SYS_CPU", 500);
    CHECK(joules_in_ten_seconds(open_ina3221(sys.root())) == Approx(75));
}

TEST_CASE("Nano on JetPack 4: POM_5V_IN is the total")
{
    const FakeSysfs sys;
    add_iio_rail(sys, "6-0040/iio:device0", "0", "POM_5V_IN", 4000);
    add_iio_rail(sys, "6-0040/iio:device0", "1", "POM_5V_GPU", 1000);
    CHECK(joules_in_ten_seconds(open_ina3221(sys.root())) == Approx(40));
}

TEST_CASE("AGX Xavier on JetPack 4 has its rails summed")
{
    const FakeSysfs sys;
    add_iio_rail(sys, "1-0040/iio:device0", "0", "GPU", 3000);
    add_iio_rail(sys, "1-0040/iio:device0", "1", "CPU", 2000);
    add_iio_rail(sys, "1-0041/iio:device1", "2", "SYS5V", 1500);
    CHECK(joules_in_ten_seconds(open_ina3221(sys.root())) == Approx(65));
}

TEST_CASE("A rail of a sum that can't be read makes the sum a gap, not a smaller sum")
{
    const FakeSysfs sys;
    add_iio_rail(sys, "1-0040/iio:device0", "0", "GPU", 3000);
    add_iio_rail(sys, "1-0040/iio:device0", "1", "CPU", 2000);
    const auto found = open_ina3221(sys.root());
    auto& meter = *found.meters.at(0);
    meter.start(at(0));
    sys.remove("bus/i2c/drivers/ina3221x/1-0040/iio:device0/in_power1_input");
    const auto reading = meter.read(at(1));
    CHECK_FALSE(reading.joules);
    CHECK(reading.gaps.size() == 1);
}

TEST_CASE("No rail, or one that can't be read, is a finding")
{
    const FakeSysfs sys;
    CHECK_THAT(open_ina3221(sys.root()).unavailable.at(0).reason, Catch::Contains("no rail"));
    sys.set("bus/i2c/drivers/ina3221x/0-0041/iio:device1/rail_name_0", "VDD_IN");
    sys.set_unreadable("bus/i2c/drivers/ina3221x/0-0041/iio:device1/in_power0_input");
    CHECK_THAT(open_ina3221(sys.root()).unavailable.at(0).reason, Catch::Contains("in_power0_input"));
}
