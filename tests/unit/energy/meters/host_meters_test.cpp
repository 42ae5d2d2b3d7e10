#include "common/energy/meters/host_meters.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "common/energy/meters/discover.hpp"
#include "common/energy/meters/host.hpp"
#include "common/energy/meters/node_meter.hpp"
#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using fedgram::energy::test::FakeSysfs;

namespace {

class SysfsVariable {
public:
    explicit SysfsVariable(const std::filesystem::path& root) { ::setenv("FEDGRAM_SYSFS", root.c_str(), 1); }
    ~SysfsVariable() { ::unsetenv("FEDGRAM_SYSFS"); }
};

void work_for(double cpu_seconds)
{
    const double end = thread_cpu_seconds() + cpu_seconds;
    while (thread_cpu_seconds() < end) {
    }
}

}  // namespace

TEST_CASE("Without a meter and without stated watts nothing is sampled")
{
    CHECK(start_host_meters({}) == nullptr);
    CHECK(records(nullptr, "coordinator").empty());
}

TEST_CASE("A machine's meters are read where the kernel's folder is said to be")
{
    const FakeSysfs sysfs;
    sysfs.set("class/powercap/intel-rapl:0/name", "package-0");
    sysfs.set("class/powercap/intel-rapl:0/energy_uj", 1'000'000);
    sysfs.set("class/powercap/intel-rapl:0/max_energy_range_uj", 262'143'328'850);
    const SysfsVariable variable{sysfs.root()};
    CHECK(sysfs_root() == sysfs.root());

    const auto sampler = start_host_meters({true, {}});
    REQUIRE(sampler);
    sysfs.set("class/powercap/intel-rapl:0/energy_uj", 1'100'000);
    const auto read = records(sampler.get(), "coordinator");
    REQUIRE(read.size() == 1);
    CHECK(read[0].process == "coordinator");
    CHECK(read[0].method == "counter");
    REQUIRE(read[0].joules);
    CHECK(read[0].joules->count() == Approx(0.1));
}

TEST_CASE("A process's estimate is its CPU time by the stated watts")
{
    const auto sampler = start_host_meters({false, CorePower{Watts{4}, Watts{8}, Watts{16}}});
    REQUIRE(sampler);
    const double before = process_cpu_seconds();
    work_for(0.05);
    const auto read = records(sampler.get(), "client");
    const double used = process_cpu_seconds() - before;
    REQUIRE(read.size() == 1);
    CHECK(read[0].method == "estimated");
    CHECK(read[0].joules->count() >= 8 * 0.05);
    CHECK(read[0].low->count() == Approx(read[0].joules->count() / 2));
    CHECK(used >= 0.05);
}

TEST_CASE("A node is charged for its own thread, and for nothing where no watts are stated")
{
    NodeMeter metered{CorePower{Watts{10}, Watts{10}, Watts{10}}};
    work_for(0.02);
    const auto cost = metered.cost();
    CHECK(cost.cpu_seconds >= 0.02);
    REQUIRE(cost.estimate);
    CHECK(cost.estimate->joules->count() == Approx(10 * cost.cpu_seconds));
    CHECK_FALSE(NodeMeter{std::nullopt}.cost().estimate);
}
