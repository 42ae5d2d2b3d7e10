#include "experiments/lookup/machine_power.hpp"

#include <catch2/catch.hpp>

#include "common/energy/meters/discover.hpp"
#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using energy::Boundary;
using energy::Method;
using energy::test::at;
using energy::test::FakeSysfs;

namespace {

energy::MeterReading reading(const std::string& name, Boundary boundary, Method method, double joules)
{
    energy::MeterReading meter{name, boundary, method, {}, {}};
    meter.reading.joules = Joules{joules};
    return meter;
}

MeteredSpan span(double seconds, std::vector<energy::MeterReading> readings)
{
    return {std::move(readings), Seconds{seconds}};
}

/// A package and a platform zone, at so many joules each.
void set_counters(const FakeSysfs& sys, std::uint64_t package, std::uint64_t platform)
{
    sys.set("class/powercap/intel-rapl:0/name", "package-0");
    sys.set("class/powercap/intel-rapl:0/energy_uj", package * 1'000'000);
    sys.set("class/powercap/intel-rapl:1/name", "psys");
    sys.set("class/powercap/intel-rapl:1/energy_uj", platform * 1'000'000);
}

}  // namespace

TEST_CASE("Idle and training watts are those of the widest counter of a synthetic host", "[experiments]")
{
    const FakeSysfs sys;
    set_counters(sys, 1000, 5000);
    const auto found = energy::discover_machine(sys.root());
    REQUIRE(found.meters.size() == 2);
    const auto counted = [&](double from, double until, std::uint64_t package, std::uint64_t platform) {
        for (const auto& meter : found.meters) meter->start(at(from));
        set_counters(sys, package, platform);
        MeteredSpan result = span(until - from, {});
        for (const auto& meter : found.meters)
            result.readings.push_back(
                {meter->name(), meter->boundary(), meter->method(), meter->resolution(), meter->read(at(until))});
        return result;
    };
    const auto idle = counted(0, 5, 1010, 5040);       // 2 W of the package within 8 W
    const auto training = counted(5, 15, 1080, 5240);  // 7 W within 20 W
    const auto power = metered_power(idle, training, 4);
    REQUIRE(power);
    CHECK(power->boundary == "board");
    CHECK(power->idle_w.value == Approx(8));
    CHECK(power->train_w.value == Approx(20));
    CHECK(power->idle_w.evidence == energy::EvidenceLevel::measured);
    CHECK(power->train_w.evidence == energy::EvidenceLevel::measured);
    CHECK(power->idle_w.source == "fedgram calibrate: RAPL psys (board, counter) over 5.00 s without work");
    CHECK(power->train_w.source ==
          "fedgram calibrate: RAPL psys (board, counter) over 10.0 s while one of 4 cores trained: the whole machine "
          "within that boundary; the core's share above idle is 12.0 W");
}

TEST_CASE("A meter that missed a part of either stretch isn't taken, however much it encloses", "[experiments]")
{
    auto wall = reading("battery", Boundary::wall, Method::power_integrated, 50);
    wall.reading.gaps.push_back({energy::GapKind::unreadable, {}, {}, "battery: it is charging"});
    const auto chip = reading("RAPL package", Boundary::chip, Method::counter, 10);
    const auto later = span(10, {reading("battery", Boundary::wall, Method::power_integrated, 200),
                                 reading("RAPL package", Boundary::chip, Method::counter, 70)});
    const auto power = metered_power(span(5, {wall, chip}), later, 1);
    REQUIRE(power);
    CHECK(power->boundary == "chip");
    CHECK(power->train_w.value == Approx(7));
}

TEST_CASE("Of two meters of one boundary the counter is taken", "[experiments]")
{
    const auto both = [](double joules) {
        return std::vector{reading("hwmon power_meter power1", Boundary::wall, Method::power_integrated, joules),
                           reading("a counter", Boundary::wall, Method::counter, joules)};
    };
    const auto power = metered_power(span(1, both(1)), span(1, both(2)), 1);
    REQUIRE(power);
    CHECK_THAT(power->idle_w.source, Catch::Contains("a counter"));
}

TEST_CASE("Without a meter that saw the training there are no watts, and the error says why and both ways out",
          "[experiments]")
{
    const auto flat = reading("RAPL package", Boundary::chip, Method::counter, 10);
    const auto training = span(1, {flat});
    CHECK_FALSE(metered_power(span(1, {flat}), training, 1));
    CHECK_FALSE(metered_power(span(1, {}), span(1, {}), 1));
    CHECK(no_power_text({}, training) ==
          "no meter of this machine gives its idle and training watts (RAPL package: no more watts in training than "
          "idle); state both by --idle-w and --train-w, or make a meter work as `fedgram doctor` tells");
    const std::vector<energy::Unavailable> unavailable{{"battery", "none in /sys/class/power_supply", "-"}};
    CHECK_THAT(no_power_text(unavailable, std::nullopt), Catch::Contains("(battery: none in /sys/class/power_supply)"));
}

TEST_CASE("Stated watts are assumed, and have the stated boundary", "[experiments]")
{
    const auto power = stated_power(2, 6, "board");
    CHECK(power.idle_w.value == 2);
    CHECK(power.train_w.value == 6);
    CHECK(power.boundary == "board");
    CHECK(power.train_w.evidence == energy::EvidenceLevel::assumed);
    CHECK(power.train_w.source == "stated to fedgram calibrate");
}
