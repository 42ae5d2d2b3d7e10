#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "common/serving/arrivals.hpp"
#include "tests/unit/serving/queue_run.hpp"

using namespace fedgram;
using namespace fedgram::serving;
using test::ms;
using test::ServiceKind;

TEST_CASE("Mean sojourn times of M/D/1 and M/M/1 at 0.5 and 0.8 of capacity are those of theory to 2 %")
{
    constexpr std::uint64_t requests = 1'000'000;
    for (const auto kind : {ServiceKind::deterministic, ServiceKind::exponential})
        for (const double utilization : {0.5, 0.8}) test::check_queue(kind, utilization, requests);
}

TEST_CASE("The formulas give the multiples of the service time that textbooks print")
{
    CHECK(test::mean_sojourn(ServiceKind::deterministic, 0.5) == Approx(1.5));
    CHECK(test::mean_sojourn(ServiceKind::deterministic, 0.8) == Approx(3.0));
    CHECK(test::mean_sojourn(ServiceKind::deterministic, 0.9) == Approx(5.5));
    CHECK(test::mean_sojourn(ServiceKind::deterministic, 0.95) == Approx(10.5));
    CHECK(test::mean_sojourn(ServiceKind::exponential, 0.9) == Approx(10));
}

// Kiefer and Wolfowitz 1955, Lindley 1952 for one server: each request begins when it is there and the instance that is
// free first is. The same draws give the same times, to the nanosecond.
TEST_CASE("Sojourn times of several instances are those of the recursion over the same draws")
{
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto instances = static_cast<std::uint32_t>(1 + seed % 5);
        const double rate = 1000.0 * instances * (0.3 + 0.04 * static_cast<double>(seed));
        const auto service = exponential_service(Stream{seed, Purpose::draws}, ms(1));
        const PoissonRate load{rate, Stream{seed, Purpose::probe}};
        constexpr std::uint64_t requests = 2000;

        Arrivals arrivals{load};
        auto draws = service;
        std::vector<Nanoseconds> free(instances);
        std::vector<Nanoseconds> expected;
        for (std::uint64_t i = 0; i < requests; ++i) {
            const auto due = arrivals.next();
            const auto first = std::ranges::min_element(free);
            *first = std::max(due, *first) + draws(1, {});
            expected.push_back(*first - due);
        }

        std::vector<Nanoseconds> found(requests);
        (void)simulate({.batcher = {.instances = instances, .queue_limit = requests},
                        .service = service,
                        .load = load,
                        .requests = requests},
                       [&](const RequestEnd& end) { found[static_cast<std::uint64_t>(end.id)] = end.ended - end.due; });
        CAPTURE(seed, instances, rate);
        CHECK(found == expected);
    }
}

// M/M/1/K: of K places in queue and instance all are taken with probability (1 - rho) rho^K / (1 - rho^(K + 1)).
TEST_CASE("A bounded queue refuses as many as theory says")
{
    for (const double utilization : {0.6, 0.9, 1.5})
        for (const std::uint32_t waiting : {0U, 3U, 9U}) {
            constexpr std::uint64_t requests = 200'000;
            const auto result = simulate({.batcher = {.queue_limit = waiting},
                                          .service = exponential_service(Stream{2, Purpose::draws}, ms(1)),
                                          .load = PoissonRate{1000 * utilization, Stream{2, Purpose::arrivals}},
                                          .requests = requests});
            const double places = waiting + 1;
            const double expected =
                (1 - utilization) * std::pow(utilization, places) / (1 - std::pow(utilization, places + 1));
            CAPTURE(utilization, waiting);
            CHECK(static_cast<double>(result.refused) / requests == Approx(expected).epsilon(0.05).margin(0.001));
        }
}

// Erlang's C formula (Erlang 1917): the share of those that have to wait, with c instances and a load of a of them
// busy.
TEST_CASE("Waits of several instances are those of Erlang's formula")
{
    constexpr std::uint32_t instances = 4;
    constexpr double load = 3.2;
    const auto result = simulate({.batcher = {.instances = instances, .queue_limit = UINT32_MAX},
                                  .service = exponential_service(Stream{1, Purpose::draws}, ms(1)),
                                  .load = PoissonRate{1000 * load, Stream{1, Purpose::arrivals}},
                                  .requests = 300'000});
    double term = 1;
    double below = 1;  // sum of a^k / k! for k < c
    for (std::uint32_t k = 1; k < instances; ++k) below += term *= load / k;
    const double all_busy = term * load / instances / (1 - load / instances);
    const double waits = all_busy / (below + all_busy);
    CHECK(waits == Approx(0.5964).margin(0.0001));
    CHECK(result.waits.mean().count() * 1000 == Approx(waits / (instances - load)).epsilon(0.05));
    CHECK(result.busy_time().count() / seconds(result.ended).count() == Approx(load).epsilon(0.01));
}
