#include "common/energy/meters/nvml.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/energy/meters/fake_driver.hpp"
#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using fedgram::energy::test::at;
using fedgram::energy::test::FakeDriver;

namespace {

const std::string library = fedgram::test::fake_nvml_library();
constexpr int not_supported = 3;

}  // namespace

TEST_CASE("A GPU with an energy counter is measured by it")
{
    const FakeDriver driver;
    driver->energy_mj = 5'000'000;
    const auto found = open_nvml(library);
    REQUIRE(found.meters.size() == 1);
    auto& meter = *found.meters[0];
    CHECK(meter.name() == "GPU 0 Fake V100");
    CHECK(meter.method() == Method::counter);
    CHECK(meter.boundary() == Boundary::board);
    meter.start(at(0));
    driver->energy_mj = 5'250'000;
    CHECK(meter.read(at(1)).joules->count() == Approx(250));
}

TEST_CASE("A GPU without a counter has its power integrated, and says so")
{
    const FakeDriver driver;
    driver->energy_result = not_supported;
    driver->power_mw = 100'000;
    const auto found = open_nvml(library);
    REQUIRE(found.meters.size() == 1);
    auto& meter = *found.meters[0];
    CHECK(meter.method() == Method::power_integrated);
    meter.start(at(0));
    driver->power_mw = 200'000;
    CHECK(meter.read(at(2)).joules->count() == Approx(300));  // 150 W x 2 s
    driver->power_result = not_supported;
    CHECK_THAT(meter.read(at(3)).gaps.at(0).reason, Catch::EndsWith("Not Supported"));
}

TEST_CASE("A Jetson's NVML starts and lists a GPU, and still is no meter")
{
    const FakeDriver driver;
    driver->energy_result = driver->power_result = not_supported;
    const auto found = open_nvml(library);
    CHECK(found.meters.empty());
    REQUIRE(found.unavailable.size() == 1);
    CHECK(found.unavailable[0].reason ==
          "nvmlDeviceGetTotalEnergyConsumption: Not Supported; nvmlDeviceGetPowerUsage: Not Supported");
    CHECK_THAT(found.unavailable[0].remedy, Catch::Contains("INA3221"));
}

TEST_CASE("Each GPU has a meter; none is a finding too")
{
    const FakeDriver driver;
    driver->gpus = 2;
    CHECK(open_nvml(library).meters.size() == 2);
    driver->gpus = 0;
    CHECK(open_nvml(library).unavailable.at(0).reason == "the driver lists no GPU");
}

TEST_CASE("Several GPUs are told apart by their bus addresses, which stay, or by number where a driver hides them")
{
    const FakeDriver driver;
    driver->gpus = 2;
    auto found = open_nvml(library);
    REQUIRE(found.meters.size() == 2);
    CHECK(found.meters[0]->name() == "GPU 0000:3a:00.0 Fake V100");
    CHECK(found.meters[1]->name() == "GPU 0000:3b:00.0 Fake V100");
    driver->pci_result = not_supported;
    CHECK(open_nvml(library).meters[1]->name() == "GPU 1 Fake V100");
}

TEST_CASE("A driver that isn't there, or doesn't start, is named")
{
    const FakeDriver driver;
    CHECK_THAT(open_nvml("/nowhere/libnvidia-ml.so.1").unavailable.at(0).reason, Catch::Contains("/nowhere"));
    driver->init_result = 9;
    CHECK(open_nvml(library).unavailable.at(0).reason == "nvmlInit_v2: Driver Not Loaded");
}

TEST_CASE("A GPU's use and memory are readings, or missing")
{
    const FakeDriver driver;
    const auto nvml = Nvml::open(library);
    REQUIRE(nvml);
    const auto usage = (*nvml)->usage(0);
    CHECK(*usage.busy == Approx(0.75));
    CHECK(usage.memory_used == Bytes{3500});
    CHECK(usage.memory_total == Bytes{16000});
    driver->usage_result = not_supported;
    CHECK_FALSE((*nvml)->usage(0).busy);
    CHECK_FALSE((*nvml)->usage(0).memory_used);
}

TEST_CASE("A driver without the newer call for memory counts what it keeps for itself as used")
{
    const FakeDriver driver;
    driver->memory_v2_result = not_supported;
    const auto nvml = Nvml::open(library);
    REQUIRE(nvml);
    CHECK((*nvml)->usage(0).memory_used == Bytes{4000});
    CHECK((*nvml)->usage(0).memory_total == Bytes{16000});
}
