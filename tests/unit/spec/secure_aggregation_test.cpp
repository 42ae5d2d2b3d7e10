#include "common/spec/secure_aggregation.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

#include "common/error/error.hpp"

using namespace fedgram;
using Catch::Matchers::Message;
using spec::Neighbourhood;
using spec::SecureAggregation;

TEST_CASE("a node has 4 ceil(log2 n) neighbours, and two thirds of them and one give its secrets back", "[spec]")
{
    const auto of = [](std::uint32_t cohort) { return spec::neighbourhood({}, cohort); };
    CHECK(of(1) == Neighbourhood{0, 1});
    CHECK(of(2) == Neighbourhood{1, 2});
    CHECK(of(3) == Neighbourhood{2, 3});
    CHECK(of(10) == Neighbourhood{9, 7});
    CHECK(of(17) == Neighbourhood{16, 12});
    CHECK(of(100) == Neighbourhood{28, 20});
    CHECK(of(1000) == Neighbourhood{40, 28});
    CHECK(of(1024) == Neighbourhood{40, 28});
    CHECK(of(1025) == Neighbourhood{44, 31});
}

TEST_CASE("stated neighbours make a regular graph, and are no more than there are", "[spec]")
{
    CHECK(spec::neighbourhood({.neighbours = 5}, 10).neighbours == 5);
    CHECK(spec::neighbourhood({.neighbours = 5}, 11).neighbours == 6);
    CHECK(spec::neighbourhood({.neighbours = 4}, 11).neighbours == 4);
    CHECK(spec::neighbourhood({.neighbours = 9}, 11).neighbours == 10);
    CHECK(spec::neighbourhood({.neighbours = 4'294'967'295}, 11).neighbours == 10);
    CHECK(spec::neighbourhood({.neighbours = 6, .threshold = 4}, 10) == Neighbourhood{6, 4});
    // A round with fewer nodes than the cohort that was planned for.
    CHECK(spec::neighbourhood({.neighbours = 6, .threshold = 6}, 3) == Neighbourhood{2, 3});
}

TEST_CASE("a threshold above those that hold a share is refused, and so is a cohort of one", "[spec]")
{
    const auto check = [](const SecureAggregation& aggregation, std::uint32_t cohort) {
        spec::check_neighbourhood(aggregation, "trainings.fed.secure_aggregation", cohort);
    };
    CHECK_NOTHROW(check({}, 2));
    CHECK_NOTHROW(check({.neighbours = 6, .threshold = 7}, 10));
    CHECK_THROWS_MATCHES(
        check({.neighbours = 6, .threshold = 8}, 10), SpecError,
        Message("trainings.fed.secure_aggregation.threshold: 8 is more than the 7 that hold a share, a node and its 6 "
                "neighbours in a cohort of 10; use 2 to 7"));
    CHECK_THROWS_MATCHES(
        check({.neighbours = 20, .threshold = 11}, 10), SpecError,
        Message("trainings.fed.secure_aggregation.threshold: 11 is more than the 10 that hold a share, a node and its "
                "9 neighbours in a cohort of 10; use 2 to 10"));
    CHECK_THROWS_MATCHES(check({}, 1), SpecError,
                         Message("trainings.fed.secure_aggregation: a cohort of 1 has no other update to hide its own "
                                 "among; use a cohort of 2 or more"));
}

TEST_CASE("a ring has a bit for the sign, and those of the values and of the total weight", "[spec]")
{
    const auto total = [](double limit, std::uint32_t fraction_bits, std::uint64_t weight) {
        return spec::ring_bits({.value_limit = limit, .fraction_bits = fraction_bits}, weight).total();
    };
    CHECK(total(1, 21, 10) == 1 + 21 + 4);
    CHECK(total(1, 21, 100) == 1 + 21 + 7);
    CHECK(total(1, 21, 1000) == 1 + 21 + 10);
    CHECK(total(32, 24, 100'000) == 1 + 29 + 17);
    // A limit that is no power of two takes those of the next one; a small one takes fewer.
    CHECK(total(1.01, 21, 10) == 1 + 22 + 4);
    CHECK(total(0.125, 21, 10) == 1 + 18 + 4);
    CHECK(total(0.1, 21, 10) == 1 + 18 + 4);
    CHECK(total(0x1p-21, 21, 1) == 1 + 0 + 1);
}

TEST_CASE("a ring of more than 64 bits is refused with the sum of its parts", "[spec]")
{
    const auto check = [](const SecureAggregation& aggregation, std::uint64_t weight) {
        spec::check_ring(aggregation, "trainings.fed.secure_aggregation", weight);
    };
    CHECK_NOTHROW(check({.value_limit = 1, .fraction_bits = 40}, (1U << 23) - 1));
    CHECK_THROWS_MATCHES(check({.value_limit = 100, .fraction_bits = 40}, 100'000), SpecError,
                         Message("trainings.fed.secure_aggregation: 1 bit for the sign, 47 for values up to 100 in "
                                 "steps of 2^-40 and 17 for weights up to 100000 are 65, more than a ring's 64; use "
                                 "fewer fraction_bits or a smaller value_limit"));
    CHECK_THROWS_AS(check({.value_limit = 1e308, .fraction_bits = 1}, 1), SpecError);
}
