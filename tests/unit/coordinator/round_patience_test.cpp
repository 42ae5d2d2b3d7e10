#include "coordinator/round_patience.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::coordinator;
using namespace std::chrono_literals;

namespace {

const spec::Federated rule{.round_deadline_s = 100, .rejoin_wait_s = 10, .quorum_wait_s = 60};
constexpr RoundPatience::TimePoint start{};
const std::vector<Round::Member> two{{0, 1}, {1, 1}};
const std::vector<Host> both{{1, "m", 2, {0}}, {2, "m", 2, {1}}};

}  // namespace

TEST_CASE("A round with its quorum ends at its deadline, one without it later", "[coordinator]")
{
    const RoundPatience patience{rule, start};
    Round round{two, 0.5};
    static_cast<void>(round.assign(both));
    CHECK(patience.until(round) == start + 160s);
    round.delivered(0);
    CHECK(patience.until(round) == start + 100s);
}

TEST_CASE("A round waits a little for a client that it has lost", "[coordinator]")
{
    RoundPatience patience{rule, start};
    Round round{two, 0.5};
    static_cast<void>(round.assign(both));
    round.delivered(0);
    static_cast<void>(round.client_lost(2));
    patience.client_lost(start + 20s);
    CHECK(patience.until(round) == start + 30s);
}

TEST_CASE("Nodes that had no client from the start hold up a round only for its quorum", "[coordinator]")
{
    const RoundPatience patience{rule, start};
    Round half{two, 0.5};
    static_cast<void>(half.assign(std::span{both}.first(1)));
    half.delivered(0);
    CHECK(patience.until(half) == start);
    Round all{two, 1};
    static_cast<void>(all.assign(std::span{both}.first(1)));
    all.delivered(0);
    CHECK(patience.until(all) == start + 60s);
}

TEST_CASE("Clients that come and go don't hold up a round beyond its deadline", "[coordinator]")
{
    RoundPatience patience{rule, start};
    Round round{two, 0.5};
    static_cast<void>(round.assign(both));
    round.delivered(0);
    static_cast<void>(round.client_lost(2));
    patience.client_lost(start + 95s);
    CHECK(patience.until(round) == start + 100s);
}
