#include "common/serving/batch_means.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::serving;

// By hand: 32 stretches of two requests each, with means 1 and 3 in turn: deviation sqrt(32 / 31), over sqrt(32).
TEST_CASE("The standard error is the deviation of the stretches' means over the root of their number")
{
    BatchMeans means;
    for (int i = 0; i < 64; ++i) means.add(Nanoseconds{i / 2 % 2 == 0 ? 1'000'000'000 : 3'000'000'000});
    REQUIRE(means.standard_error());
    CHECK(means.standard_error()->count() == Approx(std::sqrt(1.0 / 31)));
    // A stretch that isn't full doesn't count.
    means.add(Nanoseconds{900'000'000'000});
    CHECK(means.standard_error()->count() == Approx(std::sqrt(1.0 / 31)));
}

TEST_CASE("Fewer than 32 latencies have no standard error")
{
    BatchMeans means;
    for (int i = 0; i < 31; ++i) means.add(Nanoseconds{i});
    CHECK_FALSE(means.standard_error());
    means.add(Nanoseconds{31});
    CHECK(means.standard_error());
}

// An autoregressive series x' = a x + e: the error of its mean is that of as many e, over 1 - a. The root of the
// variance over n would be less than a quarter of it. 32 to 63 stretches know an error to some 10 %.
TEST_CASE("Latencies that follow each other make the error as large as it is")
{
    Stream random{5, Purpose::probe};
    BatchMeans means;
    constexpr double again = 0.9;
    constexpr int count = 400'000;
    double x = 0;
    for (int i = 0; i < count; ++i) {
        x = again * x + random.normal();
        means.add(Nanoseconds{1'000'000'000 + static_cast<std::int64_t>(1e6 * x)});
    }
    const double expected = 1e-3 / (1 - again) / std::sqrt(count);
    CHECK(means.standard_error()->count() == Approx(expected).epsilon(0.3));
}
