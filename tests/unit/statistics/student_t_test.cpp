#include "common/statistics/student_t.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "common/statistics/confidence.hpp"

using namespace fedgram::statistics;

// The table of critical values in the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
TEST_CASE("Quantiles of Student's t are those of the published table")
{
    struct Row {
        unsigned degrees;
        double p90, p95, p975, p99, p995, p999;
    };
    for (const auto& [degrees, p90, p95, p975, p99, p995, p999] :
         std::vector<Row>{{1, 3.078, 6.314, 12.706, 31.821, 63.657, 318.313},
                          {2, 1.886, 2.920, 4.303, 6.965, 9.925, 22.327},
                          {3, 1.638, 2.353, 3.182, 4.541, 5.841, 10.215},
                          {4, 1.533, 2.132, 2.776, 3.747, 4.604, 7.173},
                          {9, 1.383, 1.833, 2.262, 2.821, 3.250, 4.297},
                          {10, 1.372, 1.812, 2.228, 2.764, 3.169, 4.143},
                          {30, 1.310, 1.697, 2.042, 2.457, 2.750, 3.385},
                          {100, 1.290, 1.660, 1.984, 2.364, 2.626, 3.174}}) {
        CHECK(student_t_quantile(0.90, degrees) == Approx(p90).margin(0.0006));
        CHECK(student_t_quantile(0.95, degrees) == Approx(p95).margin(0.0006));
        CHECK(student_t_quantile(0.975, degrees) == Approx(p975).margin(0.0006));
        CHECK(student_t_quantile(0.99, degrees) == Approx(p99).margin(0.0006));
        CHECK(student_t_quantile(0.995, degrees) == Approx(p995).margin(0.0006));
        CHECK(student_t_quantile(0.999, degrees) == Approx(p999).margin(0.001).epsilon(2e-5));
    }
}

TEST_CASE("Probabilities of Student's t are symmetric and rise, and quantiles undo them")
{
    for (const unsigned degrees : {1, 2, 3, 8, 51}) {
        CHECK(student_t_probability(0, degrees) == Approx(0.5));
        double before = 0;
        for (double t = -6; t <= 6; t += 0.25) {
            const auto probability = student_t_probability(t, degrees);
            CHECK(probability > before);
            CHECK(probability + student_t_probability(-t, degrees) == Approx(1));
            CHECK(student_t_quantile(probability, degrees) == Approx(t).margin(1e-6));
            before = probability;
        }
    }
}

// By hand: mean 3, deviation 1, 3 values; t is 4.303.
TEST_CASE("A mean's confidence interval has Student's t, and one value has none")
{
    const auto interval = mean_interval(std::vector<double>{2, 3, 4});
    REQUIRE(interval);
    CHECK(interval->low == Approx(3 - 4.303 / std::sqrt(3.0)).margin(0.001));
    CHECK(interval->high == Approx(3 + 4.303 / std::sqrt(3.0)).margin(0.001));
    CHECK_FALSE(mean_interval(std::vector<double>{2}));
    CHECK(mean_interval(std::vector<double>{2, 2}) == Interval{2, 2});
}
