#include "common/energy/meters/rapl.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using fedgram::energy::test::at;
using fedgram::energy::test::FakeSysfs;

namespace {

std::string file(const std::string& zone, const std::string& name) { return "class/powercap/" + zone + "/" + name; }

void add_zone(const FakeSysfs& sys, const std::string& zone, const std::string& name)
{
    sys.set(file(zone, "name"), name);
    sys.set(file(zone, "energy_uj"), 1'000'000);
    sys.set(file(zone, "max_energy_range_uj"), 262'143'328'850);
}

void set_joules(const FakeSysfs& sys, const std::string& zone, std::uint64_t joules)
{
    sys.set(file(zone, "energy_uj"), 1'000'000 + joules * 1'000'000);
}

}  // namespace

TEST_CASE("Packages and their DRAM are summed; what lies inside a package isn't")
{
    const FakeSysfs sys;
    add_zone(sys, "intel-rapl:0", "package-0");
    add_zone(sys, "intel-rapl:0:0", "core");
    add_zone(sys, "intel-rapl:0:1", "uncore");
    add_zone(sys, "intel-rapl:0:2", "dram");
    const auto found = open_rapl(sys.root());
    CHECK(found.unavailable.empty());
    REQUIRE(found.meters.size() == 1);
    auto& meter = *found.meters[0];
    CHECK(meter.boundary() == Boundary::chip);
    CHECK(meter.method() == Method::counter);
    meter.start(at(0));
    set_joules(sys, "intel-rapl:0", 100);
    set_joules(sys, "intel-rapl:0:0", 60);
    set_joules(sys, "intel-rapl:0:1", 10);
    set_joules(sys, "intel-rapl:0:2", 20);
    const auto reading = meter.read(at(1));
    CHECK(reading.joules->count() == Approx(120));  // 100 + 20
    CHECK(reading.complete());
}

TEST_CASE("Two sockets each add their own DRAM, though it has one name")
{
    const FakeSysfs sys;
    for (const std::string socket : {"0", "1"}) {
        add_zone(sys, "intel-rapl:" + socket, "package-" + socket);
        add_zone(sys, "intel-rapl:" + socket + ":0", "dram");
    }
    const auto found = open_rapl(sys.root());
    REQUIRE(found.meters.size() == 1);
    found.meters[0]->start(at(0));
    set_joules(sys, "intel-rapl:0", 100);
    set_joules(sys, "intel-rapl:0:0", 10);
    set_joules(sys, "intel-rapl:1", 200);
    set_joules(sys, "intel-rapl:1:0", 20);
    CHECK(found.meters[0]->read(at(1)).joules->count() == Approx(330));
}

TEST_CASE("The platform zone is a meter of its own, and a package shown twice counts once")
{
    const FakeSysfs sys;
    add_zone(sys, "intel-rapl:0", "package-0");
    add_zone(sys, "intel-rapl:1", "psys");
    add_zone(sys, "intel-rapl-mmio:0", "package-0");
    const auto found = open_rapl(sys.root());
    REQUIRE(found.meters.size() == 2);
    for (const auto& meter : found.meters) meter->start(at(0));
    set_joules(sys, "intel-rapl:0", 4);
    set_joules(sys, "intel-rapl-mmio:0", 4);
    set_joules(sys, "intel-rapl:1", 10);
    CHECK(found.meters[0]->name() == "RAPL package");
    CHECK(found.meters[0]->read(at(1)).joules->count() == Approx(4));
    CHECK(found.meters[1]->name() == "RAPL psys");
    CHECK(found.meters[1]->boundary() == Boundary::board);
    CHECK(found.meters[1]->read(at(1)).joules->count() == Approx(10));
}

TEST_CASE("A zone that can't be read makes RAPL missing, and names the file")
{
    const FakeSysfs sys;
    add_zone(sys, "intel-rapl:0", "package-0");
    add_zone(sys, "intel-rapl:1", "package-1");
    sys.remove(file("intel-rapl:1", "energy_uj"));
    sys.set_unreadable(file("intel-rapl:1", "energy_uj"));
    const auto found = open_rapl(sys.root());
    CHECK(found.meters.empty());
    REQUIRE(found.unavailable.size() == 1);
    const auto path = (sys.root() / file("intel-rapl:1", "energy_uj")).string();
    CHECK_THAT(found.unavailable[0].reason, Catch::StartsWith(path));
    CHECK_THAT(found.unavailable[0].remedy, Catch::Contains("chmod a+r " + path) && Catch::Contains("udev"));
}

TEST_CASE("Without permission RAPL is missing for that reason")
{
    if (::geteuid() == 0) return;  // root may read everything
    const FakeSysfs sys;
    add_zone(sys, "intel-rapl:0", "package-0");
    REQUIRE(::chmod((sys.root() / file("intel-rapl:0", "energy_uj")).c_str(), 0) == 0);
    const auto found = open_rapl(sys.root());
    REQUIRE(found.unavailable.size() == 1);
    CHECK_THAT(found.unavailable[0].reason, Catch::EndsWith("Permission denied"));
}

TEST_CASE("The bound on a zone's power changes what is refused")
{
    for (const double most : {50.0, 1000.0}) {
        const FakeSysfs sys;
        add_zone(sys, "intel-rapl:0", "package-0");
        const auto found = open_rapl(sys.root(), Watts{most});
        found.meters.at(0)->start(at(0));
        set_joules(sys, "intel-rapl:0", 100);
        CHECK(found.meters[0]->read(at(1)).joules.has_value() == (most > 100));
    }
}

TEST_CASE("A package that vanishes mid-run leaves the other's joules and a gap that names it")
{
    const FakeSysfs sys;
    add_zone(sys, "intel-rapl:0", "package-0");
    add_zone(sys, "intel-rapl:1", "package-1");
    const auto found = open_rapl(sys.root());
    auto& meter = *found.meters.at(0);
    meter.start(at(0));
    sys.remove(file("intel-rapl:1", "energy_uj"));
    set_joules(sys, "intel-rapl:0", 40);
    const auto reading = meter.stop(at(1));
    CHECK(reading.joules->count() == Approx(40));
    CHECK_FALSE(reading.complete());
    CHECK_THAT(reading.gaps.at(0).reason, Catch::StartsWith("package-1: "));
    set_joules(sys, "intel-rapl:0", 90);
    CHECK(meter.read(at(2)).joules->count() == Approx(40));  // stopped
}

TEST_CASE("Two packages that always rise alike are warned of")
{
    for (const std::uint64_t second_socket : {20u, 21u}) {
        const FakeSysfs sys;
        add_zone(sys, "intel-rapl:0", "package-0");
        add_zone(sys, "intel-rapl:1", "package-1");
        const auto found = open_rapl(sys.root());
        auto& meter = *found.meters.at(0);
        meter.start(at(0));
        Reading reading;
        for (std::uint64_t second = 1; second <= 12; ++second) {
            set_joules(sys, "intel-rapl:0", second * 20);
            set_joules(sys, "intel-rapl:1", second * second_socket);
            reading = meter.read(at(static_cast<double>(second)));
        }
        CHECK(reading.warnings.size() == (second_socket == 20 ? 1 : 0));
    }
}

TEST_CASE("Without powercap RAPL says where it looked")
{
    const FakeSysfs sys;
    const auto found = open_rapl(sys.root());
    CHECK(found.meters.empty());
    REQUIRE(found.unavailable.size() == 1);
    CHECK_THAT(found.unavailable[0].reason, Catch::EndsWith("class/powercap"));
}
