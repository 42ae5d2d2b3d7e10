#include "coordinator/rounds/round.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::coordinator;
using namespace std::chrono_literals;

namespace {

constexpr Round::TimePoint start{};

/// A round of nodes 0 and 1, of 10 samples each, and a model of one parameter. Client 1 hosts both.
struct Fixture {
    spec::Federated rule{.round_deadline_s = 100, .rejoin_wait_s = 10, .quorum_wait_s = 60};
    std::vector<float> global{0};
    learning::UpdateLimits limits{global, 1000};
    RoundHistory history{2};
    bool connected = true;
    Round round{{0, 1, {{0, 10}, {1, 10}}}, rule, limits, history, [this](ClientId) { return connected; }, start};
    Host host{1, "machine", 1, *protocol::NodeSet::parse("0-1")};
    const Host* there = &host;

    [[nodiscard]] UpdateArrived update(std::uint32_t node) const
    {
        return {.client = 1,
                .node = node,
                .metadata = {0, 1, 10, 10, 1},
                .mean_loss = 0.5,
                .parameters = global,
                .hosted = true};
    }
};

template <class Wanted, class Part>
const Wanted* as(const Round::Actions& actions, std::size_t index)
{
    if (index >= actions.size()) return nullptr;
    const auto* part = std::get_if<Part>(&actions[index]);
    return part ? std::get_if<Wanted>(part) : nullptr;
}

}  // namespace

TEST_CASE("A client gets the model once, before its nodes", "[coordinator]")
{
    Fixture f;
    const auto actions = f.round.start({&f.there, 1}, start);
    REQUIRE(actions.size() == 3);
    REQUIRE(as<SendModel, NetworkAction>(actions, 0));
    REQUIRE(as<TrainNode, NetworkAction>(actions, 1));
    CHECK(as<TrainNode, NetworkAction>(actions, 1)->node == 0);
    REQUIRE(as<TrainNode, NetworkAction>(actions, 2));
    CHECK(as<TrainNode, NetworkAction>(actions, 2)->node == 1);
    CHECK(f.round.deadline() == start + 160s);  // no quorum yet
}

TEST_CASE("A round without clients says once for whom it waits", "[coordinator]")
{
    Fixture f;
    const auto actions = f.round.start({}, start);
    REQUIRE(as<ReportWaiting, RecordAction>(actions, 0));
    CHECK(as<ReportWaiting, RecordAction>(actions, 0)->nodes == std::vector<std::uint32_t>{0, 1});
    CHECK(f.round.tick(start + 1s).empty());
    CHECK(f.round.state() == RoundState::open);
    Fixture same;
    same.history.waiting = {0, 1};
    CHECK(same.round.start({}, start).empty());
}

TEST_CASE("A client that has gone before its loss is told is given nothing", "[coordinator]")
{
    Fixture f;
    f.connected = false;
    const auto actions = f.round.start({&f.there, 1}, start);
    REQUIRE(actions.size() == 1);
    CHECK(as<ReportWaiting, RecordAction>(actions, 0));
}

TEST_CASE("After its deadline a round looks at no more events than it has nodes", "[coordinator]")
{
    Fixture f;
    static_cast<void>(f.round.start({&f.there, 1}, start));
    const auto late = start + 200s;
    auto elsewhere = f.update(0);
    elsewhere.client = 9;
    CHECK(as<RefuseUpdate, RecordAction>(f.round.on(elsewhere, late), 0));
    CHECK(as<RefuseUpdate, RecordAction>(f.round.on(elsewhere, late), 0));
    CHECK(as<RecordWaste, RecordAction>(f.round.on(elsewhere, late), 0));
    CHECK(f.round.state() == RoundState::no_quorum);
}

TEST_CASE("A round that has ended ignores what comes", "[coordinator]")
{
    Fixture f;
    static_cast<void>(f.round.start({&f.there, 1}, start));
    CHECK(f.round.on(f.update(0), start + 1s).size() == 2);  // its host's cost, and the update
    CHECK(f.round.on(f.update(1), start + 1s).size() == 2);
    CHECK(f.round.state() == RoundState::complete);
    CHECK(f.round.on(f.update(1), start + 2s).empty());
    CHECK(f.round.on(ClientJoined{f.host}, start + 2s).empty());
    CHECK(f.round.on(ClientLost{.client = 1, .nodes = f.host.nodes, .reason = {}}, start + 2s).empty());
    CHECK(f.round.on(StopRequested{}).empty());
    CHECK(f.round.tick(start + 1000s).empty());
    CHECK(f.round.state() == RoundState::complete);
}

TEST_CASE("An update that can't be read costs its node the round, by the reason that it comes with", "[coordinator]")
{
    using learning::RefusalReason;
    const auto reason = GENERATE(RefusalReason::wrong_code, RefusalReason::not_finite);
    Fixture f;
    static_cast<void>(f.round.start({&f.there, 1}, start));
    auto unreadable = f.update(0);
    unreadable.parameters = {};
    unreadable.unreadable = learning::Refusal{reason, "it is a test"};
    const auto actions = f.round.on(unreadable, start + 1s);
    REQUIRE(actions.size() == 3);
    CHECK(as<RecordHostCost, RecordAction>(actions, 0));  // the host has spent it
    REQUIRE(as<RefuseUpdate, RecordAction>(actions, 1));
    CHECK(as<RefuseUpdate, RecordAction>(actions, 1)->node == 0);
    CHECK(as<RefuseUpdate, RecordAction>(actions, 1)->refusal.reason == reason);
    CHECK(as<RefuseUpdate, RecordAction>(actions, 1)->refusal.text == "it is a test");
    REQUIRE(as<RecordWaste, RecordAction>(actions, 2));
    CHECK(as<RecordWaste, RecordAction>(actions, 2)->nodes == std::vector<std::uint32_t>{0});
    CHECK(as<RecordWaste, RecordAction>(actions, 2)->uploaded);
    CHECK(f.round.nodes().lost_nodes() == std::vector<std::uint32_t>{0});
    // The round goes on, and the node can't make it good.
    CHECK(f.round.state() == RoundState::open);
    const auto again = f.round.on(f.update(0), start + 2s);
    REQUIRE(again.size() == 1);
    CHECK(as<RefuseUpdate, RecordAction>(again, 0)->refusal.reason == RefusalReason::repeated);
    CHECK(f.round.on(f.update(1), start + 3s).size() == 2);
    CHECK(f.round.state() == RoundState::complete);
}

TEST_CASE("An update that nobody awaits is refused for that, readable or not", "[coordinator]")
{
    Fixture f;
    static_cast<void>(f.round.start({&f.there, 1}, start));
    auto foreign = f.update(0);
    foreign.client = 9;
    foreign.hosted = false;
    foreign.unreadable = learning::Refusal{learning::RefusalReason::wrong_code, "it is a test"};
    const auto actions = f.round.on(foreign, start + 1s);
    REQUIRE(actions.size() == 1);
    CHECK(as<RefuseUpdate, RecordAction>(actions, 0)->refusal.reason == learning::RefusalReason::not_hosted);
    CHECK(f.round.on(f.update(0), start + 2s).size() == 2);
}

TEST_CASE("A failure of another round or of a node that is not in training changes nothing", "[coordinator]")
{
    Fixture f;
    static_cast<void>(f.round.start({&f.there, 1}, start));
    CHECK(f.round.on(TrainingFailed{1, 0, 2, 0, "another round"}, start).empty());
    CHECK(f.round.on(TrainingFailed{1, 1, 1, 0, "another training"}, start).empty());
    CHECK(f.round.on(TrainingFailed{2, 0, 1, 0, "another client"}, start).empty());
    CHECK(f.round.on(TrainingFailed{1, 0, 1, 0, "this one"}, start).size() == 2);
    CHECK(f.round.nodes().lost_nodes() == std::vector<std::uint32_t>{0});
}
