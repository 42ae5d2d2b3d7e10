#include "common/serving/latency_summary.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "common/serving/requests_needed.hpp"

using namespace fedgram;
using namespace fedgram::serving;

// MLPerf LoadGen prints 64 for p90 and 662 for p99 as the fewest queries for an estimate; (1 - 0.01)^459 is the first
// power below 1 %.
TEST_CASE("So many requests are needed as MLPerf LoadGen's early stopping asks for")
{
    CHECK(requests_needed(90, 1) == 64);
    CHECK(requests_needed(95, 1) == 130);
    CHECK(requests_needed(99, 0) == 459);
    CHECK(requests_needed(99, 1) == 662);
    CHECK(requests_needed(99, 2) == 838);
    CHECK(requests_needed(99, 5) == 1307);
    CHECK(requests_needed(50, 1) == 11);  // by hand: (1 + n) / 2^n: 11 / 1024 of 10, 12 / 2048 of 11
}

// The binomial sum anew, by logarithms of the gamma function.
TEST_CASE("One request less would leave more than 1 % of doubt")
{
    const auto doubt = [](double n, unsigned over, double q) {
        double sum = 0;
        for (unsigned k = 0; k <= over; ++k)
            sum += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1) + k * std::log(q) +
                            (n - k) * std::log1p(-q));
        return sum;
    };
    for (const unsigned percent : {50U, 90U, 95U, 99U})
        for (const unsigned over : {0U, 1U, 2U, 5U, 10U, 50U, 100U}) {
            const auto n = static_cast<double>(requests_needed(percent, over));
            CAPTURE(percent, over, n);
            CHECK(doubt(n, over, 1 - percent / 100.0) <= 0.01);
            CHECK(doubt(n - 1, over, 1 - percent / 100.0) > 0.01);
        }
}

TEST_CASE("A percentile of too few requests isn't shown, and says how many it would take")
{
    LatencyRecord latencies;
    BatchMeans means;
    const auto add = [&](int count) {
        for (int i = 0; i < count; ++i) {
            latencies.add(Nanoseconds{static_cast<std::int64_t>(latencies.count() + 1)});
            means.add(Nanoseconds{1});
        }
        return latency_summary(latencies, means);
    };
    const auto none = add(0);
    CHECK_FALSE(none.mean);
    CHECK_FALSE(none.standard_error);
    CHECK_FALSE(none.percentiles[0].value);

    const auto few = add(661);
    CHECK(few.percentiles[0].percent == 50);
    CHECK(few.percentiles[0].value->count() == Approx(331e-9));
    CHECK(few.percentiles[1].value->count() == Approx(595e-9));
    CHECK(few.percentiles[2].value->count() == Approx(628e-9));
    CHECK(few.percentiles[3].percent == 99);
    CHECK(few.percentiles[3].requests == 661);
    CHECK(few.percentiles[3].needed == 662);
    CHECK_FALSE(few.percentiles[3].value);
    CHECK(few.mean->count() == Approx(331e-9));
    CHECK(few.standard_error);

    CHECK(add(1).percentiles[3].value->count() == Approx(656e-9));  // the ceil(655.38)-th of 662
}
