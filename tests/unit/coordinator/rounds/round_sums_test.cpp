#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "common/learning/updates/exact_sum.hpp"
#include "coordinator/rounds/round.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;
using Ids = std::vector<std::uint32_t>;

constexpr Round::TimePoint start{};

/// What a round wants recorded, a line for each.
struct Written {
    Lines lines;

    void operator()(const AddUpdate& add) { lines.push_back("add " + std::to_string(add.node)); }
    void operator()(const NoteHeld& held) { lines.push_back("held " + std::to_string(held.node)); }
    void operator()(const AddSum& sum) { lines.push_back("add sum of " + protocol::NodeSet{sum.nodes}.text()); }
    void operator()(const RecordHostCost& cost) { lines.push_back("cost " + std::to_string(cost.node)); }
    void operator()(const RefuseUpdate& refused)
    {
        lines.push_back("refuse " + std::to_string(refused.node) + ": " + std::string{name(refused.refusal.reason)});
    }
    void operator()(const RecordWaste& waste)
    {
        lines.push_back("waste " + protocol::NodeSet{waste.nodes}.text() + (waste.uploaded ? " uploaded" : ""));
    }
    void operator()(const ReportClientLost&) { lines.emplace_back("lost"); }
    void operator()(const ReportExpiry& expiry)
    {
        lines.push_back("expired " + protocol::NodeSet{expiry.lost}.text() + "; training " +
                        protocol::NodeSet{expiry.still_training}.text());
    }
    void operator()(const DropClient&) { lines.emplace_back("drop"); }
    template <class Other>
    void operator()(const Other&)
    {
    }
};

Lines written(const Round::Actions& actions)
{
    Written written;
    for (const auto& action : actions)
        std::visit([&](const auto& part) { std::visit([&](const auto& each) { written(each); }, part); }, action);
    return written.lines;
}

/// A round of nodes 0 to 3, of 10 samples each, and a model of two parameters. Client 1 hosts all of them; an update
/// may be no further than 5 from the model.
struct Fixture {
    spec::Federated rule{.round_deadline_s = 100, .rejoin_wait_s = 10, .quorum_wait_s = 60};
    std::vector<float> global{0, 0};
    learning::UpdateLimits limits{global, 5};
    RoundHistory history{4};
    Round round{
        {0, 1, {{0, 10}, {1, 10}, {2, 10}, {3, 10}}}, rule, limits, history, [](ClientId) { return true; }, start};
    Host host{1, "machine", 1, *protocol::NodeSet::parse("0-3"), true};
    const Host* there = &host;

    Fixture() { static_cast<void>(round.start({&there, 1}, start)); }

    [[nodiscard]] static NodeHeld node(std::uint32_t node)
    {
        return {.client = 1,
                .node = node,
                .metadata = {0, 1, 10, 10, 1},
                .mean_loss = 0.5,
                .is_local = true,
                .hosted = true};
    }
    Lines hold(const Ids& nodes)
    {
        Lines lines;
        for (const auto each : nodes)
            for (auto& line : written(round.on(node(each), start + 1s))) lines.push_back(line);
        return lines;
    }
    Lines sum(const Ids& nodes, std::uint64_t samples, std::vector<float> update = {3, 4}, std::uint32_t number = 1)
    {
        learning::ExactSum exact{update.size()};
        exact.add(update, samples);
        std::vector<float> words;
        exact.write(words);
        return written(round.on(SumArrived{.client = 1,
                                           .training = 0,
                                           .round = number,
                                           .nodes = nodes,
                                           .samples = samples,
                                           .words = words,
                                           .hosted = host.nodes},
                                start + 1s));
    }
};

}  // namespace

TEST_CASE("Held nodes deliver with their sum", "[coordinator]")
{
    Fixture f;
    CHECK(f.hold({0, 1, 2}) == Lines{"cost 0", "held 0", "cost 1", "held 1", "cost 2", "held 2"});
    CHECK(f.round.nodes().held_nodes() == Ids{0, 1, 2});
    CHECK(f.round.nodes().delivered_count() == 0);
    CHECK(f.sum({0, 2}, 20) == Lines{"add sum of 0,2"});
    CHECK(f.round.nodes().delivered_nodes() == Ids{0, 2});
    CHECK(f.hold({3}) == Lines{"cost 3", "held 3"});
    CHECK(f.round.state() == RoundState::open);
    CHECK(f.sum({1, 3}, 20) == Lines{"add sum of 1,3"});
    CHECK(f.round.state() == RoundState::complete);
}

TEST_CASE("A client is told how many nodes of its share are left", "[coordinator]")
{
    std::vector<std::uint32_t> left;
    Fixture f;
    Round round{{0, 1, {{0, 10}, {1, 10}, {2, 10}, {3, 10}}},
                f.rule,
                f.limits,
                f.history,
                [](ClientId) { return true; },
                start};
    for (const auto& action : round.start({&f.there, 1}, start))
        if (const auto* const network = std::get_if<NetworkAction>(&action))
            if (const auto* const train = std::get_if<TrainNode>(network)) left.push_back(train->share_left);
    CHECK(left == Ids{3, 2, 1, 0});
    CHECK(round.end() == start + 100s);
}

TEST_CASE("A sum that is not what its round asked for is refused, and each of its nodes named", "[coordinator]")
{
    const auto refused = [](const std::string& reason, const auto& send) {
        INFO(reason);
        Fixture f;
        static_cast<void>(f.hold({0, 1}));
        CHECK(send(f) == Lines{"refuse 0: " + reason, "waste 0 uploaded", "refuse 1: " + reason, "waste 1 uploaded"});
        CHECK(f.round.nodes().lost_nodes() == Ids{0, 1});
    };
    refused("wrong_counts", [](Fixture& f) { return f.sum({0, 1}, 21); });
    refused("wrong_shape", [](Fixture& f) { return f.sum({0, 1}, 20, {3}); });
    refused("norm_too_large", [](Fixture& f) { return f.sum({0, 1}, 20, {3, 4.01f}); });  // 5.008 from the model
}

TEST_CASE("A sum that names a node that its client doesn't hold is refused as a whole", "[coordinator]")
{
    Fixture f;
    static_cast<void>(f.hold({0, 1}));
    CHECK(f.sum({0, 1, 3}, 30) == Lines{"refuse 0: not_asked", "waste 0 uploaded", "refuse 1: not_asked",
                                        "waste 1 uploaded", "refuse 3: not_asked"});
    CHECK(f.hold({2}) == Lines{"cost 2", "held 2"});
    CHECK(f.sum({2, 2}, 20) == Lines{"refuse 2: repeated", "waste 2 uploaded", "refuse 2: repeated"});
    CHECK(f.sum({9}, 10) == Lines{"refuse 9: not_hosted"});
    CHECK(f.sum({}, 0).empty());
}

TEST_CASE("A client whose sum comes with a report that is none is dropped", "[coordinator]")
{
    Fixture f;
    static_cast<void>(f.hold({0}));
    const Ids nodes{0};
    CHECK(written(f.round.on(SumArrived{.client = 1,
                                        .training = 0,
                                        .round = 1,
                                        .nodes = nodes,
                                        .samples = 10,
                                        .words = {},
                                        .hosted = f.host.nodes,
                                        .broken_report = "a host report's meter: ..."},
                             start + 1s)) == Lines{"drop"});
    CHECK(f.round.nodes().held_nodes() == nodes);
}

TEST_CASE("A sum for another round is late, and costs its nodes nothing", "[coordinator]")
{
    Fixture f;
    static_cast<void>(f.hold({0}));
    CHECK(f.sum({0, 1}, 20, {3, 4}, 2) == Lines{"refuse 0: wrong_round", "refuse 1: wrong_round"});
    CHECK(f.sum({0}, 10) == Lines{"add sum of 0"});
    CHECK(f.sum({0}, 10) == Lines{"refuse 0: repeated"});
}

TEST_CASE("A held node that can't have been trained as it was asked is lost", "[coordinator]")
{
    Fixture f;
    auto node = f.node(0);
    node.metadata.steps = 2;
    CHECK(written(f.round.on(node, start)) == Lines{"cost 0", "refuse 0: wrong_counts", "waste 0 uploaded"});
    node = f.node(1);
    node.mean_loss = std::nan("");
    CHECK(written(f.round.on(node, start)) == Lines{"cost 1", "refuse 1: not_finite", "waste 1 uploaded"});
    node = f.node(2);
    node.metadata.round = 2;
    CHECK(written(f.round.on(node, start)) == Lines{"refuse 2: wrong_round"});
    node = f.node(2);
    node.client = 7;
    CHECK(written(f.round.on(node, start)) == Lines{"refuse 2: not_asked"});
    node = f.node(2);
    node.broken_report = "a host report's cpu_seconds is -1";
    CHECK(written(f.round.on(node, start)) == Lines{"drop"});
    CHECK(f.hold({3, 3}) == Lines{"cost 3", "held 3", "refuse 3: not_asked"});
}

TEST_CASE("A client that isn't trusted to sum is dropped; where all are trusted, any may", "[coordinator]")
{
    for (const auto presum : {spec::Presum::off, spec::Presum::local, spec::Presum::all}) {
        Fixture f;
        f.rule.presum = presum;
        auto node = f.node(0);
        node.is_local = false;
        CHECK(written(f.round.on(node, start)) ==
              (presum == spec::Presum::all ? Lines{"cost 0", "held 0"} : Lines{"drop"}));
    }
}

TEST_CASE("With its client its sum is lost, and its nodes are trained elsewhere", "[coordinator]")
{
    Fixture f;
    static_cast<void>(f.hold({0, 1}));
    CHECK(written(f.round.on(ClientLost{.client = 1, .nodes = f.host.nodes, .reason = "gone"}, start + 1s)) ==
          Lines{"waste 0-1 uploaded", "waste 2", "lost"});
    CHECK(f.round.nodes().orphaned_nodes() == Ids{0, 1, 2, 3});
    CHECK(f.round.nodes().lost_nodes().empty());
    f.host.client = 2;
    static_cast<void>(f.round.on(ClientJoined{f.host}, start + 2s));
    CHECK(f.sum({0, 1}, 20) == Lines{"refuse 0: not_asked", "refuse 1: not_asked"});
    CHECK(f.round.nodes().awaits(2, 0));
}

TEST_CASE("A client that sends a sum of another size is lost with the nodes in it", "[coordinator]")
{
    Fixture f;
    static_cast<void>(f.hold({0}));
    CHECK(written(f.round.on(ClientLost{.client = 1,
                                        .nodes = f.host.nodes,
                                        .reason = "a payload of another size",
                                        .sent_away = true,
                                        .wrong_payload = true},
                             start + 1s)) ==
          Lines{"refuse 1: wrong_shape", "waste 1", "refuse 0: wrong_shape", "waste 0 uploaded", "waste 2", "lost"});
    CHECK(f.round.nodes().lost_nodes() == Ids{0, 1});
}

TEST_CASE("At the deadline and at a stop, what is held is wasted work", "[coordinator]")
{
    Fixture f;
    static_cast<void>(f.hold({0, 1}));
    CHECK(f.round.deadline() == start + 160s);  // no quorum yet: a sum may still bring it
    CHECK(written(f.round.tick(start + 160s)) == Lines{"waste 0-1 uploaded", "waste 2", "expired 0-3; training 2"});

    Fixture stopped;
    static_cast<void>(stopped.hold({0, 1}));
    CHECK(stopped.sum({0}, 10) == Lines{"add sum of 0"});
    CHECK(written(stopped.round.on(StopRequested{})) == Lines{"waste 1 uploaded", "waste 2", "waste 0 uploaded"});
}

TEST_CASE("Nodes that are told of after the deadline leave room for their sum", "[coordinator]")
{
    Fixture f;
    for (const auto node : {0u, 1u, 2u, 3u}) static_cast<void>(f.round.on(f.node(node), start + 200s));
    CHECK(f.sum({0, 1, 2, 3}, 40) == Lines{"add sum of 0-3"});
    CHECK(f.round.state() == RoundState::complete);
}
