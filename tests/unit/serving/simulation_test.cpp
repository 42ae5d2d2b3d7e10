#include "common/serving/simulation.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "tests/unit/serving/milliseconds.hpp"

using namespace fedgram;
using namespace fedgram::serving;
using Catch::Contains;
using test::ms;

namespace {

std::vector<RequestEnd> ends_of(const ServingSetup& setup)
{
    std::vector<RequestEnd> ends;
    (void)simulate(setup, [&](const RequestEnd& end) { ends.push_back(end); });
    return ends;
}

std::vector<std::int64_t> latencies_ms(const ServingSetup& setup)
{
    std::vector<std::int64_t> all;
    for (const auto& end : ends_of(setup))
        if (end.fate == Fate::answered) all.push_back((end.ended - end.due).count() / 1'000'000);
    return all;
}

double p99_ms(const ServingResult& result) { return result.latency().percentiles[3].value->count() * 1000; }

}  // namespace

// By hand: due at 10, 20, 30, 40 ms, served from 10 to 25, 25 to 40, 40 to 55 and 55 to 70.
TEST_CASE("One instance answers one by one, and latency counts from when a request was due")
{
    const ServingSetup setup{
        .batcher = {}, .service = linear_service(ms(15), {}), .load = ConstantRate{100}, .requests = 4};
    CHECK(latencies_ms(setup) == std::vector<std::int64_t>{15, 20, 25, 30});
    const auto result = simulate(setup);
    CHECK(result.offered == 4);
    CHECK(result.answered == 4);
    CHECK(result.ended == ms(70));
    CHECK(result.busy == std::vector{ms(60)});
    CHECK(result.batches == std::vector<std::uint64_t>{0, 4});
    CHECK(result.latencies.mean().count() == Approx(0.0225));
    CHECK(result.waits.mean().count() == Approx(0.0075));
    CHECK(result.throughput() == Approx(4 / 0.070));
}

// By hand: 1 begins alone at 10 and ends at 35; 2 and 3 leave at 35 and end at 65; 4, 5 and 6 (due at 40, 50, 60) at
// 65, and end at 100.
TEST_CASE("Batches grow while an instance is busy")
{
    const ServingSetup setup{.batcher = {.max_batch = 8},
                             .service = linear_service(ms(20), ms(5)),
                             .load = ConstantRate{100},
                             .requests = 6};
    CHECK(latencies_ms(setup) == std::vector<std::int64_t>{25, 45, 35, 60, 50, 40});
    CHECK(simulate(setup).batches == std::vector<std::uint64_t>{0, 1, 1, 1});
}

// By hand: 1 waits from 10 to 25, and takes 2 (due at 20) with it until 26; 3 from 30 to 45, with 4, until 46.
TEST_CASE("A queue delay ends by the clock alone")
{
    const ServingSetup setup{.batcher = {.max_batch = 8, .queue_delay = ms(15)},
                             .service = linear_service(ms(1), {}),
                             .load = ConstantRate{100},
                             .requests = 4};
    CHECK(latencies_ms(setup) == std::vector<std::int64_t>{16, 6, 16, 6});
}

TEST_CASE("To gather a batch of b at a rate costs (b - 1) / 2 gaps on average")
{
    const auto result = simulate({.batcher = {.max_batch = 4, .queue_delay = ms(1000)},
                                  .service = linear_service(ms(1), {}),
                                  .load = ConstantRate{1000},
                                  .requests = 4000});
    CHECK(result.waits.mean().count() == Approx(1.5e-3));
    CHECK(result.batches == std::vector<std::uint64_t>{0, 0, 0, 0, 1000});
}

// By hand: 0 is served from 10 to 45. 1 and 2 (due at 20 and 30) wait, and 3 (at 40) finds no room. 1 begins at 45
// until 80; 2 expires at 60, after 30 ms, and 4 (at 50) at 80, in the instant in which the instance is free.
TEST_CASE("A full queue refuses and a deadline expires, and neither has a latency")
{
    const auto ends = ends_of({.batcher = {.queue_limit = 2, .deadline = ms(30)},
                               .service = linear_service(ms(35), {}),
                               .load = ConstantRate{100},
                               .requests = 5});
    const std::vector<RequestEnd> expected{
        {RequestId{3}, Fate::refused, ms(40), ms(40), ms(40), ms(40)},
        {RequestId{0}, Fate::answered, ms(10), ms(10), ms(45), ms(45)},
        {RequestId{2}, Fate::expired, ms(30), ms(60), ms(60), ms(60)},
        {RequestId{1}, Fate::answered, ms(20), ms(45), ms(80), ms(80)},
        {RequestId{4}, Fate::expired, ms(50), ms(80), ms(80), ms(80)},
    };
    CHECK(ends == expected);
}

TEST_CASE("Beyond capacity a server answers at its capacity, in full batches, and refuses the rest")
{
    const auto service = linear_service(ms(4), ms(1));
    const auto result = simulate({.batcher = {.max_batch = 8, .instances = 3, .queue_limit = 32},
                                  .service = service,
                                  .load = ConstantRate{4000},
                                  .requests = 100'000});
    CHECK(capacity(3, 8, service) == Approx(2000));
    CHECK(result.throughput() == Approx(2000).epsilon(0.01));
    CHECK(static_cast<double>(result.batches[8] * 8) / static_cast<double>(result.answered) > 0.999);
    CHECK(result.answered + result.refused == 100'000);
}

// Little 1961: of the N clients each has a request in the server until there are none left to send. So X R is N, less
// the time that clients have nothing to do at the end, which is at most N times the longest latency.
TEST_CASE("In a closed loop, throughput times mean latency is the concurrency")
{
    for (const std::uint32_t concurrency : {1U, 2U, 7U, 40U})
        for (const std::int64_t delay : {0, 3}) {
            const auto result = simulate({.batcher = {.max_batch = 8, .instances = 2, .queue_delay = ms(delay)},
                                          .service = exponential_service(Stream{concurrency, Purpose::probe}, ms(1)),
                                          .load = ClosedLoop{concurrency},
                                          .requests = 20'000});
            CAPTURE(concurrency, delay);
            CHECK(result.answered == 20'000);
            CHECK(result.mean_in_server() <= concurrency * (1 + 1e-12));
            const double idle = seconds(result.latencies.greatest()).count() / seconds(result.ended).count();
            CHECK(result.mean_in_server() >= concurrency * (1 - idle) * (1 - 1e-12));
            CHECK(idle < 0.01);
        }
}

// A request each 10 ms, served in 1 ms; each tenth second nothing goes on. Of 1,000 requests 100 come in that second:
// the first waits for 1,000 ms, and each one after that for 9 ms less. The tenth of 1,000 by length is the 99th
// percentile, so by hand 1,001 - 10 x 9 = 911 ms. One client in a closed loop has 9,000 answers within 1 ms meanwhile,
// and one slow one.
TEST_CASE("A server that is held up for 1 s in 10 shows it in the p99 of an open loop, not in that of a closed one")
{
    const ServiceTime held_up = [](std::uint32_t, Nanoseconds begin) {
        constexpr std::int64_t period = 10 * nanoseconds_per_second;
        const auto in_period = begin.count() % period;
        const bool stands = in_period >= 9 * nanoseconds_per_second;
        return ms(1) + Nanoseconds{stands ? period - in_period : 0};
    };
    const auto open = simulate({.batcher = {}, .service = held_up, .load = ConstantRate{100}, .requests = 10'000});
    const auto closed = simulate({.batcher = {}, .service = held_up, .load = ClosedLoop{1}, .requests = 90'000});
    CHECK(p99_ms(open) == Approx(911).epsilon(1.0 / 1024));
    CHECK(p99_ms(closed) == Approx(1).epsilon(1.0 / 1024));
    CHECK(seconds(closed.latencies.greatest()).count() == Approx(1.001));  // it is there, and one of 9,000
}

TEST_CASE("No request is lost or ends twice, and all counts agree, whatever the setup")
{
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Stream random{seed, Purpose::probe};
        const auto up_to = [&](std::uint64_t most) { return static_cast<std::uint32_t>(random.below(most + 1)); };
        ServingSetup setup;
        auto& batcher = setup.batcher;
        batcher.max_batch = 1 + up_to(7);
        batcher.instances = 1 + up_to(3);
        batcher.queue_delay = Nanoseconds{up_to(1) * up_to(3000)};
        batcher.queue_limit = batcher.max_batch - 1 + up_to(12);
        if (up_to(1) == 0) batcher.deadline = batcher.queue_delay + Nanoseconds{1 + up_to(5000)};
        setup.service = up_to(1) == 0 ? linear_service(Nanoseconds{up_to(1000)}, Nanoseconds{up_to(500)})
                                      : exponential_service(random, Nanoseconds{1 + up_to(2000)});
        switch (up_to(2)) {
            case 0:
                setup.load = ConstantRate{1e6 * (0.1 + random.uniform() * 10)};
                break;
            case 1:
                setup.load = PoissonRate{1e6 * (0.1 + random.uniform() * 10), random};
                break;
            default:
                setup.load = ClosedLoop{1 + up_to(batcher.queue_limit + batcher.instances - 1)};
        }
        setup.requests = up_to(400);
        CAPTURE(seed, setup.requests);

        std::vector<int> ends(setup.requests);
        std::set<RequestId> answered;
        Nanoseconds last;
        bool in_order = true;
        bool in_time = true;
        std::array<std::uint64_t, 3> fates{};
        const auto result = simulate(setup, [&](const RequestEnd& end) {
            ++ends.at(static_cast<std::uint64_t>(end.id));
            ++fates.at(static_cast<std::size_t>(end.fate));
            in_order = in_order && last <= end.ended && end.due <= end.begun && end.begun <= end.ended;
            in_time =
                in_time && (end.fate != Fate::answered || !batcher.deadline || end.begun < end.due + *batcher.deadline);
            last = end.ended;
        });
        REQUIRE(std::ranges::all_of(ends, [](int count) { return count == 1; }));
        REQUIRE(in_order);
        REQUIRE(in_time);
        REQUIRE(result.offered == setup.requests);
        REQUIRE(result.answered == fates[0]);
        REQUIRE(result.refused == fates[1]);
        REQUIRE(result.expired == fates[2]);
        REQUIRE(result.latencies.count() == result.answered);
        REQUIRE(result.ended == last);
        if (std::holds_alternative<ClosedLoop>(setup.load)) REQUIRE(result.refused == 0);
        std::uint64_t in_batches = 0;
        for (std::size_t size = 0; size < result.batches.size(); ++size) in_batches += size * result.batches[size];
        REQUIRE(in_batches == result.answered);
        for (const auto busy : result.busy) REQUIRE(busy <= result.ended);
    }
}

TEST_CASE("The same setup gives the same result again")
{
    const ServingSetup setup{.batcher = {.max_batch = 4, .instances = 2},
                             .service = exponential_service(Stream{1, Purpose::draws}, ms(1)),
                             .load = PoissonRate{3000, Stream{1, Purpose::arrivals}},
                             .requests = 10'000};
    const auto first = simulate(setup);
    const auto second = simulate(setup);
    CHECK(first.ended == second.ended);
    CHECK(first.batches == second.batches);
    CHECK(first.latencies.mean() == second.latencies.mean());
}

TEST_CASE("A load that the server can't be asked for is refused")
{
    ServingSetup setup{.batcher = {.max_batch = 2, .instances = 2, .queue_limit = 3},
                       .service = linear_service(ms(1), {}),
                       .load = ClosedLoop{6},
                       .requests = 10};
    CHECK_THROWS_WITH(simulate(setup),
                      "concurrency: 6 is not valid; use 1 to 5, for which the queue and the instances have room");
    setup.load = ClosedLoop{0};
    CHECK_THROWS_AS(simulate(setup), SpecError);
    setup.load = ConstantRate{0};
    CHECK_THROWS_WITH(simulate(setup), Contains("per_second: 0 is not valid"));
    setup.load = ConstantRate{1e-6};
    setup.requests = 2000;
    CHECK_THROWS_WITH(simulate(setup), Contains("it takes more than 10^18 ns (31 years)"));
}

// By hand: the client asks at 0 and has its answer 20 ms later, of which 5 are on the way; so it asks at 20, 40 and 60.
TEST_CASE("A round trip keeps no instance, and a client asks behind it")
{
    const ServingSetup one{.batcher = {},
                           .service = linear_service(ms(15), {}),
                           .load = ClosedLoop{1},
                           .requests = 4,
                           .round_trip = ms(5)};
    const auto result = simulate(one);
    CHECK(result.latencies.mean().count() == Approx(0.020));
    for (const auto& end : ends_of(one)) CHECK(end.had - end.ended == ms(5));
    CHECK(result.ended == ms(75));
    // Two clients hide it: each asks while the other is served, at 20 and 35, 50 and 65.
    const auto two = simulate({.batcher = {},
                               .service = linear_service(ms(15), {}),
                               .load = ClosedLoop{2},
                               .requests = 4,
                               .round_trip = ms(5)});
    CHECK(two.ended == ms(60));
    // In an open loop it is part of each latency alone.
    const auto open = simulate({.batcher = {},
                                .service = linear_service(ms(15), {}),
                                .load = ConstantRate{100},
                                .requests = 4,
                                .round_trip = ms(5)});
    CHECK(open.ended == ms(70));
    CHECK(open.latencies.mean().count() == Approx(0.0275));
}

// By hand: all four ask at 0, so one is served until 10 and three until 20; with 1 ms more for each answer ahead, the
// three have theirs at 25, 26 and 27.
TEST_CASE("Answers of a batch reach their clients one after the other")
{
    const auto result = simulate({.batcher = {.max_batch = 8},
                                  .service = linear_service(ms(10), {}),
                                  .load = ClosedLoop{4},
                                  .requests = 4,
                                  .round_trip = ms(5),
                                  .round_trip_more = ms(1)});
    CHECK(result.latencies.mean().count() == Approx((0.015 + 0.025 + 0.026 + 0.027) / 4));
    CHECK(result.latencies.percentile(100).count() == Approx(27e6).epsilon(1.0 / 1024));
    CHECK_THROWS_WITH(
        simulate({.batcher = {}, .service = linear_service(ms(1), {}), .load = ClosedLoop{1}, .round_trip = ms(-1)}),
        Contains("round_trip: -1000000 ns"));
}

TEST_CASE("In a closed loop with round trips, throughput times mean latency is the concurrency, too")
{
    for (const std::uint32_t concurrency : {1U, 7U, 40U}) {
        const auto result = simulate({.batcher = {.max_batch = 8, .instances = 2},
                                      .service = exponential_service(Stream{concurrency, Purpose::probe}, ms(1)),
                                      .load = ClosedLoop{concurrency},
                                      .requests = 20'000,
                                      .round_trip = ms(2),
                                      .round_trip_more = Nanoseconds{100'000}});
        CAPTURE(concurrency);
        CHECK(result.mean_in_server() == Approx(concurrency).epsilon(0.01));
    }
}
