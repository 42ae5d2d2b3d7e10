#include "common/net/moving_deadline.hpp"

#include <catch2/catch.hpp>

using fedgram::net::MovingDeadline;
using namespace std::chrono_literals;
using TimePoint = MovingDeadline::TimePoint;

namespace {

const TimePoint start{};

}  // namespace

TEST_CASE("A deadline passes when its timer rings", "[net]")
{
    MovingDeadline deadline;
    CHECK(deadline.move(start + 20ms, start) == start + 20ms);
    CHECK(deadline.rang(start + 20ms).passed);
}

TEST_CASE("A deadline that has passed already rings at once", "[net]")
{
    MovingDeadline deadline;
    CHECK(deadline.move(start, start + 20ms) == start + 20ms);
    CHECK(deadline.rang(start + 20ms).passed);
}

TEST_CASE("A deadline that moves away leaves its timer alone until it rings", "[net]")
{
    MovingDeadline deadline;
    CHECK(deadline.move(start + 10ms, start));
    for (int i = 1; i <= 9; ++i) CHECK_FALSE(deadline.move(start + 10ms + i * 1ms, start + i * 1ms));
    const auto ring = deadline.rang(start + 10ms);
    CHECK_FALSE(ring.passed);
    CHECK(ring.again == start + 19ms);
    CHECK(deadline.rang(start + 19ms).passed);
}

TEST_CASE("A deadline that moves nearer sets its timer anew", "[net]")
{
    MovingDeadline deadline;
    CHECK(deadline.move(start + 1h, start) == start + 1h);
    CHECK(deadline.move(start + 10ms, start) == start + 10ms);
    CHECK(deadline.rang(start + 10ms).passed);
}

TEST_CASE("A deadline at rest doesn't pass, and can be set again", "[net]")
{
    MovingDeadline deadline;
    CHECK(deadline.move(start + 10ms, start));
    deadline.rest();
    const auto ring = deadline.rang(start + 10ms);
    CHECK_FALSE(ring.passed);
    CHECK_FALSE(ring.again);
    CHECK(deadline.move(start + 30ms, start + 20ms) == start + 30ms);
}

TEST_CASE("A process that was held up beyond a deadline gives its peers a second more, and only once", "[net]")
{
    MovingDeadline deadline;
    CHECK(deadline.move(start + 10ms, start));
    // By hand: a ring at 1.011 s is 1.001 s late.
    const auto late = deadline.rang(start + 1011ms);
    CHECK_FALSE(late.passed);
    CHECK(late.again == start + 2011ms);
    CHECK(deadline.rang(start + 9s).passed);

    CHECK(deadline.move(start + 10s, start + 9s));
    CHECK(deadline.rang(start + 11s).passed);  // late by no more than a second
}

TEST_CASE("Something that arrives after a process was held up gives it its patience back", "[net]")
{
    MovingDeadline deadline;
    CHECK(deadline.move(start + 10ms, start));
    CHECK(deadline.rang(start + 2s).again == start + 3s);
    CHECK_FALSE(deadline.move(start + 4s, start + 2500ms));
    CHECK(deadline.rang(start + 3s).again == start + 4s);
    CHECK(deadline.rang(start + 6s).again == start + 7s);
    CHECK(deadline.rang(start + 7s).passed);
}
