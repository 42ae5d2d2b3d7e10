#include "coordinator/round.hpp"

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"

using namespace fedgram::coordinator;

namespace {

using Ids = std::vector<std::uint32_t>;

std::vector<std::uint32_t> nodes_of(const std::vector<Assignment>& assignments)
{
    Ids nodes;
    for (const auto& each : assignments)
        nodes.push_back(each.node);
    return nodes;
}

}  // namespace

TEST_CASE("The largest nodes start first, one on each client", "[coordinator]")
{
    Round round{std::vector<Round::Member>{{0, 10}, {1, 30}, {2, 20}, {3, 40}}, 0.5};
    const std::vector<Host> hosts{{1, "m", 2, {0, 1}}, {2, "m", 2, {2, 3}}};
    CHECK(nodes_of(round.assign(hosts)) == Ids{3, 1});
    CHECK(round.assign(hosts).empty());
    CHECK(round.awaits(2, 3));
    CHECK_FALSE(round.awaits(1, 3));
    CHECK(round.training_on(2) == Ids{3});
    CHECK(round.training_on(9).empty());
    const Ids three{3};
    CHECK(round.owed_by(three));
    round.delivered(3);
    CHECK_FALSE(round.owed_by(three));
    CHECK(round.owed_by(Ids{17, 1}));
    CHECK(round.answered(3));
    CHECK_FALSE(round.answered(1));
    CHECK_FALSE(round.answered(17));
    CHECK(nodes_of(round.assign(hosts)) == Ids{2});
}

TEST_CASE("A machine trains no more nodes at once than it has cores", "[coordinator]")
{
    Round round{std::vector<Round::Member>{{0, 1}, {1, 1}, {2, 1}}, 1};
    const std::vector<Host> crowded{{1, "m", 2, {0}}, {2, "m", 2, {1}}, {3, "m", 2, {2}}};
    CHECK(round.assign(crowded).size() == 2);
    Round elsewhere{std::vector<Round::Member>{{0, 1}, {1, 1}, {2, 1}}, 1};
    const std::vector<Host> spread{{1, "m", 2, {0}}, {2, "m", 2, {1}}, {3, "n", 2, {2}}};
    CHECK(elsewhere.assign(spread).size() == 3);
}

TEST_CASE("A round counts when the quorum has delivered", "[coordinator]")
{
    // Half of five, rounded up: three.
    Round round{std::vector<Round::Member>{{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}}, 0.5};
    CHECK(round.quorum() == 3);
    const std::vector<Host> hosts{{1, "m", 8, {0}}, {2, "m", 8, {1}}, {3, "m", 8, {2}}, {4, "m", 8, {3}}};
    CHECK(round.assign(hosts).size() == 4);
    CHECK(round.orphaned_nodes() == Ids{4});  // nobody hosts it
    round.delivered(0);
    round.delivered(2);
    CHECK_FALSE(round.quorum_held());
    CHECK(round.client_lost(2) == Ids{1});
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
    const std::vector<Round::Member> hundred(100);
    CHECK(Round{hundred, 0.55}.quorum() == 55);
    CHECK(Round{hundred, 0.07}.quorum() == 7);
    CHECK(Round{hundred, 0.551}.quorum() == 56);
    CHECK(Round{hundred, 1}.quorum() == 100);
}

TEST_CASE("An orphan is trained by the client that takes it up while the round is open", "[coordinator]")
{
    Round round{std::vector<Round::Member>{{0, 2}, {1, 1}}, 0.5};
    const std::vector<Host> before{{1, "m", 2, {0}}, {2, "m", 2, {1}}};
    CHECK(round.assign(before).size() == 2);
    CHECK(round.client_lost(1) == Ids{0});
    CHECK(round.orphaned_nodes() == Ids{0});
    CHECK_FALSE(round.awaits(1, 0));
    const std::vector<Host> after{{2, "m", 2, {1}}, {3, "m", 2, {0}}};
    CHECK(nodes_of(round.assign(after)) == Ids{0});
    CHECK(round.awaits(3, 0));
    round.delivered(0);
    round.delivered(1);
    CHECK(round.settled());
    CHECK(round.lost_nodes().empty());
}

TEST_CASE("A round that is waited for no longer loses what has not delivered", "[coordinator]")
{
    Round round{std::vector<Round::Member>{{0, 3}, {1, 2}, {2, 1}}, 0.3};
    const std::vector<Host> hosts{{1, "m", 1, {0, 1}}};
    CHECK(nodes_of(round.assign(hosts)) == Ids{0});
    CHECK(round.expire() == Ids{0});  // node 1 hadn't begun, node 2 had no client
    CHECK(round.settled());
    CHECK(round.lost_nodes() == Ids{0, 1, 2});
    CHECK_FALSE(round.quorum_held());
}

TEST_CASE("Every sequence of deliveries and losses settles the round", "[coordinator]")
{
    fedgram::Stream random{1, fedgram::Purpose::cohort};
    for (int trial = 0; trial < 500; ++trial) {
        std::vector<Round::Member> members;
        std::vector<Host> hosts;
        const auto count = 1 + static_cast<std::uint32_t>(random.below(12));
        for (std::uint32_t node = 0; node < count; ++node)
            members.push_back({node, random.below(100)});
        for (std::uint64_t client = 1; client <= 4; ++client)
            hosts.push_back({client, client < 3 ? "m" : "n", 1 + static_cast<std::uint32_t>(random.below(2)), {}});
        for (std::uint32_t node = 0; node < count; ++node)
            hosts[random.below(4)].nodes.push_back(node);
        Round round{members, random.uniform()};
        std::vector<Assignment> running;
        for (int turn = 0; turn < 200 && !round.settled(); ++turn) {
            const auto more = round.assign(hosts);
            running.insert(running.end(), more.begin(), more.end());
            if (running.empty()) {
                static_cast<void>(round.expire());
                break;
            }
            const auto pick = random.below(running.size());
            const auto client = running[pick].client;
            const auto node = running[pick].node;
            running.erase(running.begin() + static_cast<std::ptrdiff_t>(pick));
            if (random.below(5) == 0) {
                static_cast<void>(round.client_lost(client));
                std::erase_if(running, [&](const Assignment& each) { return each.client == client; });
                std::erase_if(hosts, [&](const Host& host) { return host.client == client; });
            } else {
                round.delivered(node);
            }
        }
        REQUIRE(round.settled());
        REQUIRE(round.delivered_nodes().size() + round.lost_nodes().size() == count);
    }
}
