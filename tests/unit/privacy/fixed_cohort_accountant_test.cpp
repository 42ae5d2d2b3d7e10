#include "common/privacy/fixed_cohort_accountant.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "common/privacy/rdp_accountant.hpp"

using namespace fedgram::privacy;

namespace {

double fixed(double q, double noise_multiplier) { return fixed_cohort_epsilon(q, noise_multiplier, 100, 1e-5).epsilon; }

}  // namespace

// By theorem 27 with moments in arbitrary precision. Twice the noise is the same bound for a replaced node that moves
// the sum by one clip.
TEST_CASE("A fixed cohort's epsilon is that of sampling without replacement, for two clips", "[privacy]")
{
    CHECK(fixed(0.05, 1) == Approx(34.26353644).epsilon(1e-9));
    CHECK(fixed(0.05, 2) == Approx(6.466584881).epsilon(1e-9));
    CHECK(fixed(0.1, 2) == Approx(14.05375023).epsilon(1e-9));
    CHECK(fixed(0.1, 4) == Approx(5.379009696).epsilon(1e-9));
    CHECK(fixed_cohort_epsilon(0.05, 1, 100, 1e-5).order == 2.0);
    CHECK(fixed_cohort_epsilon(0.1, 4, 100, 1e-5).order == 5.0);
}

TEST_CASE("A fixed cohort costs more than coins of the same chance, and no more than everyone", "[privacy]")
{
    for (const double q : {1e-4, 0.01, 0.3, 0.8, 0.999})
        for (const double noise_multiplier : {1e-6, 0.2, 1.0, 5.0, 300.0}) {
            const auto epsilon = fixed(q, noise_multiplier);
            CHECK(epsilon >= rdp_epsilon(q, noise_multiplier, 100, 1e-5).epsilon);
            CHECK(epsilon <= fixed(1, noise_multiplier));
            CHECK(epsilon >= fixed(q, 1.2 * noise_multiplier));
        }
    CHECK(fixed(1, 3) == rdp_epsilon(1, 1.5, 100, 1e-5).epsilon);
}

TEST_CASE("A fixed cohort of nobody spends nothing, and one without noise everything", "[privacy]")
{
    CHECK(fixed(0, 0) == 0);
    CHECK(fixed_cohort_epsilon(0.5, 1, 0, 1e-5).epsilon == 0);
    CHECK(std::isinf(fixed(0.5, 0)));
}
