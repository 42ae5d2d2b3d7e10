#include "client/training/holding.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::client;
using namespace std::chrono_literals;

namespace {

constexpr Holding::TimePoint now{};
constexpr auto never = Holding::TimePoint::max();

}  // namespace

TEST_CASE("A sum is begun where four updates or more will be in it", "[client]")
{
    CHECK(Holding::pays(3, 1ms, now, never));
    CHECK_FALSE(Holding::pays(2, 1ms, now, never));
    CHECK_FALSE(Holding::pays(0, 1ms, now, never));
    // By hand: three more of 1.6 s are 4.8 s, of 1.7 s they are 5.1 s.
    CHECK(Holding::pays(100, 1600ms, now, never));
    CHECK_FALSE(Holding::pays(100, 1700ms, now, never));
    // Three more of 1 s and the margin of 0.5 s fit into 3.6 s, and not into 3.5 s.
    CHECK(Holding::pays(100, 1s, now, now + 3600ms));
    CHECK_FALSE(Holding::pays(100, 1s, now, now + 3500ms));
}

TEST_CASE("A sum goes 5 s after its first update, or before its round ends", "[client]")
{
    Holding holding;
    CHECK_FALSE(holding.until());
    CHECK_FALSE(holding.is_due(now));
    CHECK_FALSE(holding.is_due_before(now, std::nullopt));
    holding.held(now, never);
    holding.held(now + 3s, never);
    CHECK(holding.until() == now + 5s);
    CHECK_FALSE(holding.is_due(now + 4999ms));
    CHECK(holding.is_due(now + 5s));

    Holding soon;
    soon.held(now, now + 2s);
    CHECK(soon.until() == now + 1500ms);
}

TEST_CASE("A sum doesn't wait for a training that ends after its time, nor for one of unknown length", "[client]")
{
    Holding holding;
    holding.held(now, never);
    CHECK_FALSE(holding.is_due_before(now + 1s, 4s));
    CHECK(holding.is_due_before(now + 1s, 4001ms));
    CHECK(holding.is_due_before(now + 1s, std::nullopt));
}

TEST_CASE("A sum goes at the end of its share, and when it is full", "[client]")
{
    Holding holding;
    holding.share_ends();  // of single updates
    holding.held(now, never);
    CHECK_FALSE(holding.is_due(now));
    holding.share_ends();
    CHECK(holding.is_due(now));
    CHECK(holding.is_due_before(now, 1us));
    holding.over();
    CHECK_FALSE(holding.is_due(now));
    for (std::uint32_t i = 1; i < Holding::most_updates; ++i) holding.held(now, never);
    CHECK_FALSE(holding.is_due(now));
    holding.held(now, never);
    CHECK(holding.is_due(now));
}
