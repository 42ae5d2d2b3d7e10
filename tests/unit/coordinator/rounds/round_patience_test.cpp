#include "coordinator/rounds/round_patience.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::coordinator;
using namespace std::chrono_literals;

namespace {

const spec::Federated rule{.round_deadline_s = 100, .rejoin_wait_s = 10, .quorum_wait_s = 60};
constexpr RoundPatience::TimePoint start{};
const std::vector<RoundNodes::Member> two{{0, 1}, {1, 1}};

/// Starts what the first so many of two clients host, a node each.
void start_on(RoundNodes& round, std::uint64_t clients)
{
    for (std::uint64_t client = 1; client <= clients; ++client)
        round.join({client, "m", 2, protocol::NodeSet{std::vector{static_cast<std::uint32_t>(client - 1)}}});
    static_cast<void>(round.assign([](std::uint64_t) { return true; }));
}

}  // namespace

TEST_CASE("A round with its quorum ends at its deadline, one without it later", "[coordinator]")
{
    const RoundPatience patience{rule, start};
    RoundNodes round{two, 0.5};
    start_on(round, 2);
    CHECK(patience.until(round) == start + 160s);
    round.delivered(0);
    CHECK(patience.until(round) == start + 100s);
}

TEST_CASE("A round waits a little for a client that it has lost", "[coordinator]")
{
    RoundPatience patience{rule, start};
    RoundNodes round{two, 0.5};
    start_on(round, 2);
    round.delivered(0);
    static_cast<void>(round.client_lost(2));
    patience.client_lost(start + 20s);
    CHECK(patience.until(round) == start + 30s);
}

TEST_CASE("Nodes that had no client from the start hold up a round only for its quorum", "[coordinator]")
{
    const RoundPatience patience{rule, start};
    RoundNodes half{two, 0.5};
    start_on(half, 1);
    half.delivered(0);
    CHECK(patience.until(half) == start);
    RoundNodes all{two, 1};
    start_on(all, 1);
    all.delivered(0);
    CHECK(patience.until(all) == start + 60s);
}

TEST_CASE("Clients that come and go don't hold up a round beyond its deadline", "[coordinator]")
{
    RoundPatience patience{rule, start};
    RoundNodes round{two, 0.5};
    start_on(round, 2);
    round.delivered(0);
    static_cast<void>(round.client_lost(2));
    patience.client_lost(start + 95s);
    CHECK(patience.until(round) == start + 100s);
}

TEST_CASE("A client that was lost when it owed nothing holds up one later round, that which wants its nodes",
          "[coordinator]")
{
    const auto nodes = [](std::uint32_t node) { return protocol::NodeSet{std::vector{node}}; };
    LossesToCome losses;
    losses.add(nodes(1));
    losses.add(nodes(5));
    CHECK(losses.take(RoundNodes{two, 0.5}));
    CHECK_FALSE(losses.take(RoundNodes{two, 0.5}));
    CHECK(losses.take(RoundNodes{std::vector<RoundNodes::Member>{{4, 1}, {5, 1}}, 0.5}));
    CHECK_FALSE(losses.take(RoundNodes{std::vector<RoundNodes::Member>{{4, 1}, {5, 1}}, 0.5}));
}
