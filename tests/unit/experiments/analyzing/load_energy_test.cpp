#include "experiments/analyzing/load_energy.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace fedgram;
using namespace fedgram::experiments;
using energy::Boundary;
using energy::MeterReading;
using energy::Method;

namespace {

MeterReading meter(Boundary boundary, Method method, double joules, double resolution_s = 0.001)
{
    MeterReading meter{"meter", boundary, method, Seconds{resolution_s}, {}};
    meter.reading.joules = Joules{joules};
    return meter;
}

std::optional<Joules> in_two_seconds(const std::vector<MeterReading>& meters)
{
    return metered_joules(meters, Seconds{2});
}

}  // namespace

TEST_CASE("Of several meters the one that encloses the most counts, and of two alike the counter", "[analyzing]")
{
    CHECK_FALSE(in_two_seconds({}));
    CHECK(
        in_two_seconds({meter(Boundary::chip, Method::counter, 10), meter(Boundary::wall, Method::power_integrated, 30),
                        meter(Boundary::board, Method::counter, 20)}) == Joules{30});
    CHECK(in_two_seconds({meter(Boundary::wall, Method::power_integrated, 30),
                          meter(Boundary::wall, Method::counter, 31)}) == Joules{31});
    CHECK(in_two_seconds({meter(Boundary::wall, Method::counter, 31),
                          meter(Boundary::wall, Method::power_integrated, 30)}) == Joules{31});
}

TEST_CASE("A meter that missed something, or moves too seldom, doesn't count", "[analyzing]")
{
    const auto chip = meter(Boundary::chip, Method::counter, 10);
    auto missed = meter(Boundary::wall, Method::counter, 30);
    missed.reading.gaps.push_back({});
    auto silent = missed;
    silent.reading = {};
    CHECK(in_two_seconds({chip, missed, silent}) == Joules{10});
    CHECK(in_two_seconds({chip, meter(Boundary::wall, Method::counter, 30, 0.2)}) == Joules{30});
    CHECK(in_two_seconds({chip, meter(Boundary::wall, Method::counter, 30, 0.21)}) == Joules{10});
    CHECK_FALSE(in_two_seconds({missed}));
}
