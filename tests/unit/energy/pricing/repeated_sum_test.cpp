#include "common/energy/pricing/repeated_sum.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::energy;

namespace {

double one_by_one(double sum, double term, std::uint64_t count)
{
    for (std::uint64_t i = 0; i < count; ++i) sum += term;
    return sum;
}

void check(double sum, double term, std::uint64_t count)
{
    CAPTURE(sum, term, count);
    CHECK(std::bit_cast<std::uint64_t>(add_repeatedly(sum, term, count)) ==
          std::bit_cast<std::uint64_t>(one_by_one(sum, term, count)));
}

}  // namespace

TEST_CASE("A term that is added many times gives the bits of one addition after the other")
{
    CHECK(add_repeatedly(0, 0.25, 1'000) == 250);
    check(0, 0.1, 1'000'000);  // not 100,000: each addition rounds
    check(1'000'000, 0.1, 400'000);
    check(0, 0, 1'000);
    check(5, 3, 7);
    check(7, 0.1, 0);
    // Half a spacing goes to the even neighbour: from 2^53 + 2 (odd) up once, and then never again.
    check(9'007'199'254'740'994, 1, 100);
    check(9'007'199'254'740'994, 3, 100);
    check(9'007'199'254'740'992, 5, 100'000);
    check(std::numeric_limits<double>::denorm_min(), 3 * std::numeric_limits<double>::denorm_min(), 10'000);
    check(std::numeric_limits<double>::max() / 2, std::numeric_limits<double>::max() / 64, 100);
    check(-3, 0.1, 1'000);
    CHECK(add_repeatedly(0, std::numeric_limits<double>::infinity(), 100) == std::numeric_limits<double>::infinity());
    CHECK_FALSE(add_repeatedly(0, std::numeric_limits<double>::quiet_NaN(), 100) == 0);
}

TEST_CASE("Sums of drawn terms, of all sizes beside each other, have these bits too")
{
    Stream random{1, Purpose::subset};
    for (int i = 0; i < 3'000; ++i) {
        const auto exponent = [&](std::uint64_t range) { return static_cast<int>(random.below(range)); };
        const auto sum = std::ldexp(random.uniform(), exponent(80) - 20);
        const auto term = std::ldexp(random.uniform(), exponent(60) - 30);
        check(sum, term, random.below(5'000));
        // Few digits: remainders of exactly half a spacing come up.
        check(std::ldexp(static_cast<double>(random.below(1u << 12) + (1ull << 52)), exponent(4)),
              static_cast<double>(random.below(64)) / 2, random.below(5'000));
    }
}
