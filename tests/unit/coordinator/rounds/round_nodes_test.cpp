#include "coordinator/rounds/round_nodes.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "common/random/stream.hpp"

using namespace fedgram::coordinator;

namespace {

using Ids = std::vector<std::uint32_t>;

fedgram::protocol::NodeSet set(const char* nodes) { return fedgram::protocol::NodeSet::parse(nodes).value(); }

bool all_are_there(std::uint64_t) { return true; }

Ids started(RoundNodes& round)
{
    Ids nodes;
    for (const auto& each : round.assign(all_are_there)) nodes.push_back(each.node);
    return nodes;
}

void join(RoundNodes& round, const std::vector<Host>& hosts)
{
    for (const auto& host : hosts) round.join(host);
}

}  // namespace

TEST_CASE("The largest nodes start first, one on each client", "[coordinator]")
{
    RoundNodes round{std::vector<RoundNodes::Member>{{0, 10}, {1, 30}, {2, 20}, {3, 40}}, 0.5};
    // One core, so that one of the two clients waits for it.
    join(round, {{1, "m", 1, set("0-1")}, {2, "m", 1, set("2-3")}});
    CHECK(started(round) == Ids{3});
    CHECK(started(round).empty());
    CHECK(round.awaits(2, 3));
    CHECK_FALSE(round.awaits(1, 3));
    CHECK(round.training_on(2) == 3u);
    CHECK_FALSE(round.training_on(1));
    CHECK_FALSE(round.training_on(9));
    CHECK(round.owed_by(set("3")));
    round.delivered(3);
    CHECK_FALSE(round.owed_by(set("3")));
    CHECK(round.owed_by(set("1,17")));
    CHECK(round.answered(3));
    CHECK_FALSE(round.answered(1));
    CHECK_FALSE(round.answered(17));
    CHECK(started(round) == Ids{1});
    round.delivered(1);
    CHECK(started(round) == Ids{2});
    round.delivered(2);
    CHECK(started(round) == Ids{0});
}

TEST_CASE("A node that is given ahead waits, and the one in training alone is at work", "[coordinator]")
{
    using Counts = fedgram::run::RunProgress::Nodes;
    RoundNodes round{std::vector<RoundNodes::Member>{{0, 10}, {1, 30}, {2, 20}, {3, 40}, {4, 5}}, 0.5};
    CHECK(round.counts() == Counts{0, 5, 0, 0});
    join(round, {{1, "m", 2, set("0-3")}});
    CHECK(started(round) == Ids{3, 1, 2, 0});
    CHECK(round.counts() == Counts{1, 4, 0, 0});
    round.delivered(3);
    CHECK(round.counts() == Counts{1, 3, 1, 0});
    round.lost(1);
    CHECK(round.counts() == Counts{1, 2, 1, 1});
}

TEST_CASE("A client that nobody waits for has its next nodes before it asks for them", "[coordinator]")
{
    REQUIRE(RoundNodes::most_given == 16);
    std::vector<RoundNodes::Member> members;
    for (std::uint32_t node = 0; node < 30; ++node) members.push_back({node, 100 - node});
    RoundNodes round{members, 0.5};
    join(round, {{1, "m", 2, set("0-1")}, {2, "m", 2, set("2-29")}});
    CHECK(started(round) == Ids{0, 2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17});
    CHECK(round.training_on(2) == 2u);
    CHECK(round.awaits(2, 17));
    CHECK_FALSE(round.awaits(2, 18));
    // It is given more once it has no more than half of that, and then several at once.
    for (std::uint32_t node = 2; node < 9; ++node) {
        CHECK(round.training_on(2) == node);
        round.delivered(node);
        CHECK(started(round).empty());
    }
    round.delivered(9);
    CHECK(started(round) == Ids{18, 19, 20, 21, 22, 23, 24, 25});
    // What was given ahead has not begun: it is no work in vain.
    CHECK(round.client_lost(2) == 10u);
    CHECK(round.orphaned_nodes().size() == 20);
    CHECK_FALSE(round.awaits(2, 11));
    CHECK(round.expire() == Ids{0});
    CHECK(round.delivered_nodes() == Ids{2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("A client that has gone is given nothing, and what it trains is told once its loss is", "[coordinator]")
{
    std::vector<RoundNodes::Member> members;
    for (std::uint32_t node = 0; node < 17; ++node) members.push_back({node, 100 - node});
    RoundNodes round{members, 0.5};
    join(round, {{1, "m", 2, set("0-16")}});
    CHECK(started(round).size() == 16);
    for (std::uint32_t node = 0; node < 8; ++node) round.delivered(node);
    CHECK(round.assign([](std::uint64_t) { return false; }).empty());
    CHECK(round.orphaned_nodes() == Ids{16});
    CHECK(round.busy());  // the others are still awaited
    join(round, {{2, "m", 2, set("16")}});
    CHECK(started(round) == Ids{16});
    CHECK(round.client_lost(1) == 8u);
    CHECK_FALSE(round.client_lost(1));
    CHECK(round.orphaned_nodes() == Ids{8, 9, 10, 11, 12, 13, 14, 15});
}

TEST_CASE("A machine trains no more nodes at once than it has cores", "[coordinator]")
{
    RoundNodes round{std::vector<RoundNodes::Member>{{0, 1}, {1, 1}, {2, 1}}, 1};
    join(round, {{1, "m", 2, set("0")}, {2, "m", 2, set("1")}, {3, "m", 2, set("2")}});
    CHECK(started(round) == Ids{0, 1});
    round.delivered(1);
    CHECK(started(round) == Ids{2});
    RoundNodes elsewhere{std::vector<RoundNodes::Member>{{0, 1}, {1, 1}, {2, 1}}, 1};
    join(elsewhere, {{1, "m", 2, set("0")}, {2, "m", 2, set("1")}, {3, "n", 2, set("2")}});
    CHECK(started(elsewhere).size() == 3);
}

TEST_CASE("A round counts when the quorum has delivered", "[coordinator]")
{
    // Half of five, rounded up: three.
    RoundNodes round{std::vector<RoundNodes::Member>{{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}}, 0.5};
    CHECK(round.quorum() == 3);
    join(round, {{1, "m", 8, set("0")}, {2, "m", 8, set("1")}, {3, "m", 8, set("2")}, {4, "m", 8, set("3")}});
    CHECK(started(round).size() == 4);
    CHECK(round.orphaned_nodes() == Ids{4});  // nobody hosts it
    round.delivered(0);
    round.delivered(2);
    CHECK_FALSE(round.quorum_held());
    CHECK(round.client_lost(2) == 1u);
    CHECK(round.busy());
    round.delivered(3);
    CHECK_FALSE(round.busy());
    CHECK_FALSE(round.settled());  // somebody may still take up the orphans
    CHECK(round.expire().empty());
    CHECK(round.settled());
    CHECK(round.quorum_held());
    CHECK(round.delivered_nodes() == Ids{0, 2, 3});
    CHECK(round.lost_nodes() == Ids{1, 4});
}

TEST_CASE("A quorum of a whole number of nodes is that number", "[coordinator]")
{
    // 0.55 x 100 and 0.07 x 100 are 55.00000000000001 and 7.000000000000001 in binary.
    const std::vector<RoundNodes::Member> hundred(100);
    CHECK(RoundNodes{hundred, 0.55}.quorum() == 55);
    CHECK(RoundNodes{hundred, 0.07}.quorum() == 7);
    CHECK(RoundNodes{hundred, 0.551}.quorum() == 56);
    CHECK(RoundNodes{hundred, 1}.quorum() == 100);
}

TEST_CASE("An orphan is trained by the client that takes it up while the round is open", "[coordinator]")
{
    RoundNodes round{std::vector<RoundNodes::Member>{{0, 2}, {1, 1}}, 0.5};
    join(round, {{1, "m", 2, set("0")}, {2, "m", 2, set("1")}});
    CHECK(started(round).size() == 2);
    CHECK(round.client_lost(1) == 0u);
    CHECK(round.orphaned_nodes() == Ids{0});
    CHECK_FALSE(round.awaits(1, 0));
    CHECK(started(round).empty());
    join(round, {{2, "m", 2, set("1")}, {3, "m", 2, set("0")}});
    CHECK(started(round) == Ids{0});
    CHECK(round.awaits(3, 0));
    round.delivered(0);
    round.delivered(1);
    CHECK(round.settled());
    CHECK(round.lost_nodes().empty());
}

TEST_CASE("A round that is waited for no longer loses what has not delivered", "[coordinator]")
{
    RoundNodes round{std::vector<RoundNodes::Member>{{0, 3}, {1, 2}, {2, 1}}, 0.3};
    join(round, {{1, "m", 1, set("0-1")}});
    CHECK(started(round) == Ids{0, 1});
    CHECK(round.expire() == Ids{0});  // node 1 was given ahead, node 2 had no client
    CHECK(round.settled());
    CHECK(round.lost_nodes() == Ids{0, 1, 2});
    CHECK_FALSE(round.quorum_held());
}

TEST_CASE("Every sequence of deliveries, losses and returns settles the round", "[coordinator]")
{
    fedgram::Stream random{1, fedgram::Purpose::cohort};
    for (int trial = 0; trial < 1000; ++trial) {
        std::vector<RoundNodes::Member> members;
        const auto count = 1 + static_cast<std::uint32_t>(random.below(trial % 10 == 0 ? 120 : 12));
        for (std::uint32_t node = 0; node < count; ++node) members.push_back({node, random.below(100)});
        RoundNodes round{members, random.uniform()};
        constexpr std::uint64_t client_count = 4;
        std::array<Ids, client_count> hosted;
        for (std::uint32_t node = 0; node < count; ++node) hosted[random.below(client_count)].push_back(node);
        std::uint64_t last_client = 0;
        std::map<std::uint64_t, std::size_t> connected;  // whose nodes each hosts
        const auto connect = [&](std::size_t whose) {
            connected[++last_client] = whose;
            round.join({last_client, whose < 2 ? "m" : "n", 1 + static_cast<std::uint32_t>(random.below(2)),
                        fedgram::protocol::NodeSet{hosted[whose]}});
        };
        for (std::size_t whose = 0; whose < client_count; ++whose)
            if (random.below(8) != 0) connect(whose);

        std::vector<Assignment> given;
        for (int turn = 0; turn < 2000 && !round.settled(); ++turn) {
            for (const auto& each : round.assign([&](std::uint64_t client) { return connected.contains(client); }))
                given.push_back(each);
            std::map<std::string, std::set<std::uint64_t>> busy;
            for (const auto& each : given) {
                REQUIRE(round.awaits(each.client, each.node));
                busy[connected.at(each.client) < 2 ? "m" : "n"].insert(each.client);
                REQUIRE(std::ranges::count(given, each.client, &Assignment::client) <=
                        std::ptrdiff_t{RoundNodes::most_given});
            }
            for (const auto& [machine, clients] : busy) REQUIRE(clients.size() <= 2);
            REQUIRE(round.busy() == !given.empty());
            if (given.empty()) {
                if (connected.empty() || random.below(3) == 0) static_cast<void>(round.expire());
                continue;
            }
            const auto client = given[random.below(given.size())].client;
            if (random.below(5) == 0) {
                const auto whose = connected.at(client);
                const auto begun = round.client_lost(client);
                REQUIRE(begun == std::ranges::find(given, client, &Assignment::client)->node);
                std::erase_if(given, [&](const Assignment& each) { return each.client == client; });
                connected.erase(client);
                if (random.below(2) == 0) connect(whose);
            } else {
                // A client answers in the order in which it was given its nodes.
                const auto first = std::ranges::find(given, client, &Assignment::client);
                REQUIRE(round.training_on(client) == first->node);
                if (random.below(10) == 0)
                    round.lost(first->node);
                else
                    round.delivered(first->node);
                given.erase(first);
            }
        }
        REQUIRE(round.settled());
        REQUIRE(round.delivered_nodes().size() + round.lost_nodes().size() == count);
    }
}
