#include "common/net/watchdog.hpp"

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <catch2/catch.hpp>
#include <optional>
#include <thread>

using namespace fedgram::net;
using namespace std::chrono_literals;

TEST_CASE("A watchdog bites once, at its deadline", "[net]")
{
    asio::io_context context;
    int bites = 0;
    Watchdog watchdog{context.get_executor(), [&] { ++bites; }};
    CHECK_FALSE(watchdog.has_bitten());
    const auto deadline = Clock::now() + 20ms;
    watchdog.guard(deadline);
    context.run();
    CHECK(bites == 1);
    CHECK(watchdog.has_bitten());
    CHECK(Clock::now() >= deadline);
    watchdog.guard(Clock::now());
    context.restart();
    context.run();
    CHECK(bites == 1);
}

TEST_CASE("A watchdog's deadline can be moved either way, and it can rest", "[net]")
{
    asio::io_context context;
    int bites = 0;
    Watchdog later{context.get_executor(), [&] { ++bites; }};
    Watchdog resting{context.get_executor(), [&] { ++bites; }};
    Watchdog sooner{context.get_executor(), [&] { ++bites; }};
    later.guard(Clock::now() + 10ms);
    const auto deadline = Clock::now() + 50ms;
    later.guard(deadline);
    resting.guard(Clock::now() + 10ms);
    resting.rest();
    sooner.guard(Clock::now() + 1h);
    sooner.guard(Clock::now() + 10ms);
    context.run();
    CHECK(bites == 2);
    CHECK_FALSE(resting.has_bitten());
    CHECK(later.has_bitten());
    CHECK(Clock::now() >= deadline);
}

TEST_CASE("A watchdog waits on when this process was held up, and no longer than once", "[net]")
{
    asio::io_context context;
    std::optional<Clock::time_point> bitten;
    Watchdog watchdog{context.get_executor(), [&] { bitten = Clock::now(); }};
    watchdog.guard(Clock::now() + 10ms);
    asio::post(context, [] { std::this_thread::sleep_for(held_up + 100ms); });
    context.run_one();
    const auto back = Clock::now();
    context.run();
    REQUIRE(bitten);
    CHECK(*bitten - back >= held_up);
}

TEST_CASE("A watchdog that has ended doesn't bite, even if its time had come", "[net]")
{
    asio::io_context context;
    int bites = 0;
    std::optional<Watchdog> one;
    std::optional<Watchdog> other;
    // Both are due at once: whichever bites first ends the other, whose timer has rung.
    one.emplace(context.get_executor(), [&] {
        ++bites;
        other.reset();
    });
    other.emplace(context.get_executor(), [&] {
        ++bites;
        one.reset();
    });
    const auto deadline = Clock::now() + 10ms;
    one->guard(deadline);
    other->guard(deadline);
    std::this_thread::sleep_until(deadline);
    context.run();
    CHECK(bites == 1);
}
