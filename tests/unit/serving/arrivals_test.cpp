#include "common/serving/arrivals.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::serving;

TEST_CASE("A constant rate is due at equal gaps, whose fractions of a nanosecond add up")
{
    Arrivals arrivals{ConstantRate{3e8}};  // each 3.33 ns
    CHECK(arrivals.next() == Nanoseconds{3});
    CHECK(arrivals.next() == Nanoseconds{6});
    CHECK(arrivals.next() == Nanoseconds{10});
    Nanoseconds last;
    for (int i = 3; i < 3'000'000; ++i) last = arrivals.next();
    CHECK(std::abs(last.count() - 10'000'000) <= 1);
}

// Of exponential gaps, the standard deviation is the mean, and exp(-1) are longer than it: here within 5 standard
// errors.
TEST_CASE("The gaps of a Poisson rate are exponential, and follow from the stream alone")
{
    Arrivals arrivals{PoissonRate{1000, Stream{7, Purpose::arrivals}}};
    Arrivals again{PoissonRate{1000, Stream{7, Purpose::arrivals}}};
    constexpr int count = 100'000;
    double sum = 0;
    double squares = 0;
    int longer = 0;
    Nanoseconds before;
    bool same = true;
    for (int i = 0; i < count; ++i) {
        const auto now = arrivals.next();
        same = same && again.next() == now;
        const double gap = seconds(now - before).count() * 1000;
        before = now;
        sum += gap;
        squares += gap * gap;
        longer += gap > 1 ? 1 : 0;
    }
    const double root = std::sqrt(count);
    const double mean = sum / count;
    CHECK(std::abs(mean - 1) < 5 / root);
    CHECK(std::abs(std::sqrt(squares / count - mean * mean) - 1) < 5 * std::sqrt(2.0) / root);
    CHECK(std::abs(longer / double{count} - std::exp(-1)) < 5 * 0.5 / root);
    CHECK(same);
}

// Worked out from the stream's first draws by the 50 digits of Python's decimal.
TEST_CASE("The first times of a Poisson rate are the same everywhere")
{
    Arrivals arrivals{PoissonRate{1000, Stream{1, Purpose::arrivals}}};
    CHECK(arrivals.next().count() == 1'428'241);
    CHECK(arrivals.next().count() == 5'034'501);
    CHECK(arrivals.next().count() == 5'532'947);
}

TEST_CASE("A rate that isn't one is refused")
{
    CHECK_THROWS_WITH(Arrivals{ConstantRate{0}}, "per_second: 0 is not valid; use 1e-6 to 1e9 requests a second");
    CHECK_THROWS_AS(Arrivals{ConstantRate{-1}}, SpecError);
    CHECK_THROWS_AS((Arrivals{PoissonRate{std::nan(""), Stream{1, Purpose::arrivals}}}), SpecError);
    CHECK_THROWS_AS(Arrivals{ConstantRate{2e9}}, SpecError);
}
