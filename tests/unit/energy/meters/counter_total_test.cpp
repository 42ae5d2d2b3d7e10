#include "common/energy/meters/counter_total.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using fedgram::energy::test::at;

namespace {

CounterRules microjoules(std::optional<std::uint64_t> range = std::nullopt)
{
    CounterRules rules;
    rules.range = range;
    return rules;
}

const auto gone = Attempt<std::uint64_t>::missing("energy_uj: No such file or directory");

}  // namespace

TEST_CASE("A counter's joules are those since the first sample, and nothing before there are two")
{
    CounterTotal total{"package-0", microjoules()};
    total.sample(5'000'000, at(0));
    CHECK_FALSE(total.joules());
    total.sample(25'000'000, at(1));
    CHECK(total.joules()->count() == Approx(20));
    CHECK(total.gaps().empty());
}

TEST_CASE("A counter that wraps goes on from its range")
{
    CounterTotal total{"package-0", microjoules(262'143'328'850)};
    total.sample(262'143'328'850 - 30'000'000, at(0));
    total.sample(20'000'000, at(1));
    CHECK(total.joules()->count() == Approx(50));  // 30 J up to the range, 20 J after it
    CHECK(total.gaps().empty());
}

TEST_CASE("A counter that goes down without a known range is a gap, not a wrap")
{
    CounterTotal total{"package-0", microjoules()};
    total.sample(100'000'000, at(0));
    total.sample(1'000'000, at(1));
    CHECK_FALSE(total.joules());
    REQUIRE(total.gaps().size() == 1);
    CHECK(total.gaps()[0].kind == GapKind::backwards);
    total.sample(11'000'000, at(2));
    CHECK(total.joules()->count() == Approx(10));
    CHECK(total.gaps().size() == 1);
}

TEST_CASE("A step that the hardware can't draw is refused, whatever bound is set")
{
    auto rules = microjoules();
    rules.most = Watts{100};
    CounterTotal total{"package-0", rules};
    total.sample(0, at(0));
    total.sample(100'000'000, at(1));  // 100 W
    total.sample(201'000'000, at(2));  // 101 W, more than 100 W x (1 s + 1 ms) = 100.1 J
    CHECK(total.joules()->count() == Approx(100));
    REQUIRE(total.gaps().size() == 1);
    CHECK(total.gaps()[0].kind == GapKind::implausible);
    CHECK(total.gaps()[0].from == at(1));
    CHECK(total.gaps()[0].until == at(2));
}

TEST_CASE("An underflow of 1.8e19 adds nothing, with a range or without")
{
    for (const auto& range : {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{262'143'328'850}}) {
        CounterTotal total{"package-0", microjoules(range)};
        total.sample(1'000'000, at(0));
        total.sample(11'000'000, at(1));
        total.sample(18'446'744'073'709'551'000ULL, at(2));
        total.sample(31'000'000, at(3));
        total.sample(41'000'000, at(4));
        CHECK(total.joules()->count() == Approx(20));  // 10 J before, 10 J after
        REQUIRE_FALSE(total.gaps().empty());
        CHECK(total.gaps().front().from == at(1));
        CHECK(total.gaps().back().until == at(3));
    }
}

TEST_CASE("Read so seldom that it may have wrapped twice, a counter has a gap")
{
    CounterTotal total{"package-0", microjoules(65'532'610'987)};
    total.sample(0, at(0));
    total.sample(6'000'000'000, at(60));  // 1000 W would need 65.5 s for one wrap
    CHECK(total.gaps().empty());
    total.sample(16'000'000'000, at(160));
    REQUIRE(total.gaps().size() == 1);
    CHECK(total.gaps()[0].kind == GapKind::unsure_wraps);
    CHECK(total.joules()->count() == Approx(16'000));
}

TEST_CASE("A counter that vanishes leaves one gap, up to its return")
{
    CounterTotal total{"package-0", microjoules()};
    total.sample(0, at(0));
    total.sample(10'000'000, at(1));
    total.sample(gone, at(2));
    total.sample(gone, at(3));
    CHECK(total.joules()->count() == Approx(10));
    total.sample(90'000'000, at(4));
    total.sample(95'000'000, at(5));
    CHECK(total.joules()->count() == Approx(15));
    REQUIRE(total.gaps().size() == 1);
    CHECK(total.gaps()[0].from == at(1));
    CHECK(total.gaps()[0].until == at(4));
    CHECK(total.gaps()[0].reason == "package-0: energy_uj: No such file or directory");
}

TEST_CASE("A counter that never gave two values has no joules")
{
    CounterTotal total{"package-0", microjoules()};
    total.sample(7, at(0));
    total.sample(gone, at(1));
    CHECK_FALSE(total.joules());
}

TEST_CASE("A counter that never moves is missing, not zero")
{
    CounterTotal total{"dram", microjoules()};
    for (int second = 0; second <= 4; ++second) total.sample(7, at(second));
    CHECK_FALSE(total.joules());
    CHECK(total.gaps().empty());  // it may be a slow one
    for (int second = 5; second <= 9; ++second) total.sample(7, at(second));
    CHECK_FALSE(total.joules());
    REQUIRE(total.gaps().size() == 1);
    CHECK(total.gaps()[0].kind == GapKind::stuck);
    CHECK(total.gaps()[0].from == at(0));
    CHECK(total.gaps()[0].until == at(9));
}

TEST_CASE("A counter that gets stuck keeps what it measured")
{
    CounterTotal total{"package-0", microjoules()};
    total.sample(0, at(0));
    for (int second = 1; second <= 8; ++second) total.sample(10'000'000, at(second));
    CHECK(total.joules()->count() == Approx(10));
    REQUIRE(total.gaps().size() == 1);
    CHECK(total.gaps()[0].from == at(1));
}

TEST_CASE("Sampling faster than the counter moves loses no energy")
{
    // 300 W on a counter that moves every 100 ms, by 30 J, sampled every 10 ms over 2 s: 600 J. Each step comes
    // within 10 ms, in which 2000 W could give but 20 J; the counter's period allows for the rest.
    CounterRules rules;
    rules.unit = Joules{1e-3};
    rules.most = Watts{2000};
    rules.update_period = std::chrono::milliseconds{100};
    CounterTotal total{"GPU 0", rules};
    for (std::uint64_t sample = 0; sample <= 200; ++sample)
        total.sample(sample / 10 * 30'000, at(static_cast<double>(sample) * 0.01));
    CHECK(total.joules()->count() == Approx(600));
    CHECK(total.gaps().empty());
}

TEST_CASE("A sample at an earlier time, or twice at one, is left out")
{
    CounterTotal total{"package-0", microjoules()};
    total.sample(0, at(1));
    total.sample(5'000'000, at(1));
    total.sample(9'000'000, at(0));
    CHECK_FALSE(total.joules());
    total.sample(10'000'000, at(2));
    CHECK(total.joules()->count() == Approx(10));
}
