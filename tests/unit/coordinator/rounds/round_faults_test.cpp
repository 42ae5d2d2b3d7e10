#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <exception>
#include <limits>
#include <set>

#include "common/random/stream.hpp"
#include "coordinator/aggregation/aggregator.hpp"
#include "coordinator/trainings/round_conductor.hpp"
#include "tests/support/fake_network.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using test::FakeNetwork;

namespace {

using Lines = std::vector<std::string>;

constexpr std::uint64_t samples = 10;  // of each node; one step in a round

/// Adds updates up, and writes down the rest.
class WrittenEffects final : public RoundEffects {
public:
    WrittenEffects(const FakeNetwork& network, std::span<const float> global)
        : network_{network}, aggregator_{make_aggregator({}, global)}
    {
    }

    void carry_out(const Round&, const RecordAction& action, const ReceivedUpdate* update) override
    {
        std::visit([&](const auto& each) { note(each, update); }, action);
    }
    [[nodiscard]] TaskDetails details(std::uint32_t) const override { return {}; }
    [[nodiscard]] ReadUpdate read(const Round&, std::uint32_t, const protocol::Frame& frame) override
    {
        return std::span<const float>{frame.payload};
    }
    void waiting(const Round&) override {}
    void clients_changed() override { lines.emplace_back("clients changed"); }
    [[nodiscard]] net::Clock::time_point write_due() const override { return due_; }
    void write_down() override
    {
        if (due_ != net::Clock::time_point::max()) written_at.push_back(network_.elapsed().count());
        due_ = net::Clock::time_point::max();
    }

    [[nodiscard]] std::vector<float> mean() const { return aggregator_->result(); }

    Lines lines;
    std::vector<double> written_at;
    std::multiset<std::uint32_t> added;

private:
    static std::string text(const std::vector<std::uint32_t>& nodes) { return protocol::NodeSet{nodes}.text(); }

    void note(const AddUpdate& add, const ReceivedUpdate* update)
    {
        aggregator_->add(update->parameters, update->samples);
        added.insert(add.node);
        lines.push_back("add " + std::to_string(add.node));
    }
    void note(const NoteHeld& held, const ReceivedUpdate*) { lines.push_back("held " + std::to_string(held.node)); }
    void note(const AddSum& sum, const ReceivedUpdate* update)
    {
        aggregator_->add(learning::PartialSum::read(update->parameters, 3).value(), update->samples, sum.nodes.size());
        added.insert(sum.nodes.begin(), sum.nodes.end());
        lines.push_back("add sum of " + text(sum.nodes));
    }
    void note(const RecordHostCost& cost, const ReceivedUpdate*)
    {
        due_ = std::min(due_, network_.now() + std::chrono::milliseconds{10});
        lines.push_back("cost " + std::to_string(cost.node));
    }
    void note(const RefuseUpdate& refused, const ReceivedUpdate*)
    {
        lines.push_back("refuse " + std::to_string(refused.node) + ": " + std::string{name(refused.refusal.reason)});
    }
    void note(const RecordWaste& waste, const ReceivedUpdate*)
    {
        lines.push_back("waste " + text(waste.nodes) + (waste.uploaded ? " uploaded" : ""));
    }
    void note(const ReportClientReady& ready, const ReceivedUpdate*) { lines.push_back("ready " + ready.nodes.text()); }
    void note(const ReportClientLost& lost, const ReceivedUpdate*)
    {
        lines.push_back("lost " + lost.nodes.text() + ": " + lost.reason);
    }
    void note(const ReportTrainingFailed& failed, const ReceivedUpdate*)
    {
        lines.push_back("failed " + std::to_string(failed.node) + ": " + failed.reason);
    }
    void note(const ReportWaiting& waiting, const ReceivedUpdate*)
    {
        lines.push_back("waiting " + text(waiting.nodes));
    }
    void note(const ReportExpiry& expiry, const ReceivedUpdate*)
    {
        lines.push_back("expired " + text(expiry.lost) + "; training " + text(expiry.still_training));
    }

    const FakeNetwork& network_;
    std::unique_ptr<Aggregator> aggregator_;
    net::Clock::time_point due_ = net::Clock::time_point::max();
};

/// A training of three parameters, whose nodes send their number plus one.
struct Federation {
    spec::Federated rule{.max_update_norm = 1000, .round_deadline_s = 100, .rejoin_wait_s = 10, .quorum_wait_s = 60};
    std::uint32_t nodes;
    FakeNetwork network{[](const wire::TrainNode& task) { return update_of(task.node(), task.round()); }};
    RoundHistory history{8};
    std::shared_ptr<const std::vector<float>> global = std::make_shared<const std::vector<float>>(3);
    std::vector<float> mean;  // of the last round

    /// A client for each of these, connected before the first round.
    explicit Federation(std::uint32_t cohort, const std::vector<std::string>& clients) : nodes{cohort}
    {
        for (const auto& hosted : clients) network.connect(hosted);
        network.forget_news();
    }

    static FakeNetwork::Update update_of(std::uint32_t node, std::uint32_t round = 1)
    {
        FakeNetwork::Update update;
        update.message.set_round(round);
        update.message.set_node(node);
        update.message.set_samples(samples);
        update.message.set_samples_seen(samples);
        update.message.set_steps(1);
        update.message.set_mean_loss(0.5);
        update.parameters.assign(3, static_cast<float>(node + 1));
        return update;
    }

    /// Runs one round; what it has recorded.
    Lines run(RoundState expected = RoundState::complete, std::uint32_t number = 1)
    {
        WrittenEffects effects{network, *global};
        RoundConductor conductor{network, effects};
        const learning::UpdateLimits limits{*global, rule.max_update_norm};
        RoundPlan plan{0, number, {}};
        for (std::uint32_t node = 0; node < nodes; ++node) plan.cohort.push_back({node, samples});
        Round round{plan,         rule, limits, history, [this](ClientId client) { return network.is_ready(client); },
                    network.now()};
        asio::io_context context;
        std::exception_ptr failure;
        asio::co_spawn(context, conductor.conduct(round, {global}), [&](std::exception_ptr error) { failure = error; });
        context.run();
        if (failure) std::rethrow_exception(failure);
        CHECK(round.state() == expected);
        CHECK(effects.added.size() == std::set(effects.added.begin(), effects.added.end()).size());
        if (expected == RoundState::complete) mean = effects.mean();
        written_at = effects.written_at;
        return effects.lines;
    }

    std::vector<double> written_at;
};

}  // namespace

TEST_CASE("A round whose nodes all deliver is complete", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    CHECK(federation.run() == Lines{"cost 0", "add 0", "cost 1", "add 1"});
    CHECK(federation.network.sent() == Lines{"1: model", "1: train 0", "2: model", "2: train 1"});
    CHECK(federation.mean == std::vector<float>{1.5, 1.5, 1.5});  // (1 + 2) / 2
    CHECK(federation.network.elapsed().count() == 1);
    CHECK(federation.network.recycled() == 2);
}

TEST_CASE("An update that never arrives is waited for until the deadline", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    federation.network.drop(0);
    CHECK(federation.run() == Lines{"cost 1", "add 1", "waste 0", "expired 0; training 0"});
    CHECK(federation.mean == std::vector<float>{2, 2, 2});
    CHECK(federation.network.elapsed().count() == 100);
}

TEST_CASE("An update that comes with the deadline still counts", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    federation.network.delay(0, FakeNetwork::Seconds{99});
    CHECK(federation.run() == Lines{"cost 1", "add 1", "cost 0", "add 0"});
}

TEST_CASE("A late update is refused, and does not cost its node the next round", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    federation.network.delay(0, FakeNetwork::Seconds{99.5});
    CHECK(federation.run() == Lines{"cost 1", "add 1", "waste 0", "expired 0; training 0"});
    CHECK(federation.run(RoundState::complete, 2) ==
          Lines{"refuse 0: wrong_round", "cost 0", "add 0", "cost 1", "add 1"});
    CHECK(federation.mean == std::vector<float>{1.5, 1.5, 1.5});
}

TEST_CASE("Updates that overtake each other give the same model", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    federation.network.delay(0, FakeNetwork::Seconds{0.5});
    CHECK(federation.run() == Lines{"cost 1", "add 1", "cost 0", "add 0"});
    CHECK(federation.mean == std::vector<float>{1.5, 1.5, 1.5});
}

TEST_CASE("An update that arrives twice counts once", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    federation.network.duplicate(0);
    federation.network.delay(1, FakeNetwork::Seconds{0.5});
    CHECK(federation.run() == Lines{"cost 0", "add 0", "refuse 0: repeated", "cost 1", "add 1"});
    CHECK(federation.mean == std::vector<float>{1.5, 1.5, 1.5});
}

TEST_CASE("The copy of a round's last update is refused in the next round, and costs its node nothing", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    federation.network.duplicate(1);
    CHECK(federation.run() == Lines{"cost 0", "add 0", "cost 1", "add 1"});
    CHECK(federation.run(RoundState::complete, 2) == Lines{"refuse 1: repeated", "cost 0", "add 0", "cost 1", "add 1"});
}

TEST_CASE("A client that is cut off has wasted what it trained, and another takes its nodes up", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    auto& network = federation.network;
    network.at(FakeNetwork::Seconds{0.5}, [&] { network.cut(1); });
    network.at(FakeNetwork::Seconds{0.75}, [&] { network.connect("0"); });
    CHECK(federation.run() == Lines{"waste 0", "lost 0: the connection ended", "ready 0", "clients changed", "cost 1",
                                    "add 1", "cost 0", "add 0"});
    CHECK(network.sent() == Lines{"1: model", "1: train 0", "2: model", "2: train 1", "3: model", "3: train 0"});
    CHECK(federation.mean == std::vector<float>{1.5, 1.5, 1.5});
    CHECK(network.elapsed().count() == 1.75);
}

TEST_CASE("What a client was given ahead is not wasted with it", "[coordinator]")
{
    Federation federation{3, {"0-2"}};
    auto& network = federation.network;
    network.at(FakeNetwork::Seconds{1.5}, [&] { network.cut(1); });
    network.at(FakeNetwork::Seconds{2}, [&] { network.connect("0-2"); });
    CHECK(federation.run() == Lines{"cost 0", "add 0", "waste 1", "lost 0-2: the connection ended", "waiting 1-2",
                                    "ready 0-2", "clients changed", "cost 1", "add 1", "cost 2", "add 2"});
}

TEST_CASE("A silent client is lost at its deadline, and the round waits a little for it", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    auto& network = federation.network;
    network.at(FakeNetwork::Seconds{0.5}, [&] { network.silence(1); });
    CHECK(federation.run() == Lines{"cost 1", "add 1", "waste 0", "lost 0: no answer before the deadline", "waiting 0",
                                    "expired 0; training "});
    CHECK(network.elapsed().count() == 70.5);  // lost at 60.5, and rejoin_wait_s
}

TEST_CASE("A round that has lost its quorum waits, and ends without it", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    federation.rule.quorum = 1;
    auto& network = federation.network;
    network.at(FakeNetwork::Seconds{0.5}, [&] { network.cut(1); });
    CHECK(federation.run(RoundState::no_quorum) == Lines{"waste 0", "lost 0: the connection ended", "cost 1", "add 1",
                                                         "waiting 0", "expired 0; training ", "waste 1 uploaded"});
    CHECK(network.elapsed().count() == 70.5);  // lost at 0.5, rejoin_wait_s and quorum_wait_s
}

TEST_CASE("A client that was lost after it had delivered holds up the next round that wants its node", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    auto& network = federation.network;
    network.delay(1, FakeNetwork::Seconds{1});
    network.at(FakeNetwork::Seconds{1.5}, [&] { network.cut(1); });
    CHECK(federation.run() == Lines{"cost 0", "add 0", "lost 0: the connection ended", "cost 1", "add 1"});
    CHECK(federation.run(RoundState::complete, 2) == Lines{"cost 1", "add 1", "waiting 0", "expired 0; training "});
    CHECK(network.elapsed().count() == 12);  // round 2 began at 2, and waited rejoin_wait_s
    CHECK(federation.run(RoundState::complete, 3) == Lines{"cost 1", "add 1", "expired 0; training "});
    CHECK(network.elapsed().count() == 13);
}

TEST_CASE("An update that can't enter the model is refused, and its node is lost for the round", "[coordinator]")
{
    using Update = FakeNetwork::Update;
    const auto refused = [](const std::string& reason, std::function<void(Update&)> spoil) {
        INFO(reason);
        Federation federation{2, {"0", "1"}};
        federation.network.spoil(0, std::move(spoil));
        CHECK(federation.run() == Lines{"cost 0", "refuse 0: " + reason, "waste 0 uploaded", "cost 1", "add 1"});
        CHECK(federation.mean == std::vector<float>{2, 2, 2});
    };
    refused("not_finite", [](Update& update) { update.parameters[1] = std::nanf(""); });
    refused("not_finite", [](Update& update) { update.parameters[2] = std::numeric_limits<float>::infinity(); });
    refused("not_finite", [](Update& update) { update.message.set_mean_loss(std::nan("")); });
    refused("norm_too_large", [](Update& update) { update.parameters[0] = 1001; });
    refused("wrong_shape", [](Update& update) { update.parameters.pop_back(); });
    refused("wrong_counts", [](Update& update) { update.message.set_samples(samples + 1); });
    refused("wrong_counts", [](Update& update) { update.message.set_steps(2); });
    refused("wrong_round", [](Update& update) { update.message.set_round(2); });
    refused("wrong_round", [](Update& update) { update.message.set_training(1); });
}

TEST_CASE("A payload of another size is refused before it is read, and its sender is lost", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    auto& network = federation.network;
    network.at(FakeNetwork::Seconds{0.5}, [&] { network.send_wrong_payload(1); });
    CHECK(federation.run() ==
          Lines{"refuse 0: wrong_shape", "waste 0", "lost 0: a payload of another size", "cost 1", "add 1"});
}

TEST_CASE("An update that nobody asked this client for changes nothing", "[coordinator]")
{
    Federation federation{2, {"0,5", "1"}};
    auto& network = federation.network;
    network.at(FakeNetwork::Seconds{0.5}, [&] { network.deliver(2, Federation::update_of(0)); });
    network.at(FakeNetwork::Seconds{0.5}, [&] { network.deliver(1, Federation::update_of(5)); });
    network.at(FakeNetwork::Seconds{0.5}, [&] { network.deliver(1, Federation::update_of(700'000)); });
    CHECK(federation.run() == Lines{"refuse 0: not_hosted", "refuse 5: not_asked", "refuse 700000: not_hosted",
                                    "cost 0", "add 0", "cost 1", "add 1"});
}

TEST_CASE("A node that could not be trained is lost for the round", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    federation.network.fail(0, "out of memory");
    CHECK(federation.run() == Lines{"failed 0: out of memory", "waste 0", "cost 1", "add 1"});
}

TEST_CASE("A client that sends what can't be read is dropped, and is given nothing more", "[coordinator]")
{
    Federation federation{3, {"0,2", "1"}};
    federation.rule.quorum = 0.3;  // one of three
    auto& network = federation.network;
    network.at(FakeNetwork::Seconds{0.5}, [&] {
        network.deliver(1, protocol::Frame{protocol::MessageType::client_update, "\xff", {}});
    });
    const std::string reason = "a malformed fedgram.wire.ClientUpdate message";
    CHECK(federation.run() ==
          Lines{"waste 0", "lost 0,2: " + reason, "cost 1", "add 1", "waiting 0,2", "expired 0,2; training "});
    CHECK(network.sent().back() == "1: drop: " + reason);
}

TEST_CASE("A client whose host report is no reading is dropped, and its update does not count", "[coordinator]")
{
    Federation federation{2, {"0", "1"}};
    auto& network = federation.network;
    network.spoil(0, [](auto& update) { update.message.set_cpu_seconds(-1); });
    network.at(FakeNetwork::Seconds{1.5}, [&] { network.connect("0"); });
    auto lines = federation.run();
    REQUIRE(lines.size() > 1);
    CHECK(lines[1].starts_with("lost 0: a host report's cpu_seconds is -1"));
    lines.erase(lines.begin() + 1);
    CHECK(lines == Lines{"waste 0", "cost 1", "add 1", "waiting 0", "ready 0", "clients changed", "cost 0", "add 0"});
    CHECK(federation.mean == std::vector<float>{1.5, 1.5, 1.5});
}

TEST_CASE("A round that is stopped has wasted what was trained and what was delivered", "[coordinator]")
{
    Federation federation{3, {"0", "1-2"}};
    auto& network = federation.network;
    network.drop(0);
    network.at(FakeNetwork::Seconds{1.5}, [&] { network.stop(); });
    CHECK(federation.run(RoundState::stopped) == Lines{"cost 1", "add 1", "waste 0,2", "waste 1 uploaded"});
}

TEST_CASE("A host's cost is written at once when nothing else happens, and at the end of the round", "[coordinator]")
{
    Federation federation{3, {"0", "1", "2"}};
    auto& network = federation.network;
    network.delay(1, FakeNetwork::Seconds{0.001});
    network.delay(2, FakeNetwork::Seconds{1});
    static_cast<void>(federation.run());
    REQUIRE(federation.written_at.size() == 2);
    CHECK(federation.written_at[0] == Approx(1.01));
    CHECK(federation.written_at[1] == Approx(2));
}

TEST_CASE("Every mixture of faults ends the round, and the model is the mean of those who delivered", "[coordinator]")
{
    Stream random{1, Purpose::cohort};
    const auto chance = [&](std::uint64_t one_in) { return random.below(one_in) == 0; };
    const auto time = [&] { return FakeNetwork::Seconds{static_cast<double>(random.below(2000)) / 100}; };
    for (int trial = 0; trial < 200; ++trial) {
        Federation federation{6, {"0-1", "2-3", "4-5"}};
        federation.rule.quorum = 0.1;  // one of six
        auto& network = federation.network;
        for (std::uint32_t node = 0; node < 6; ++node) {
            if (chance(8)) network.drop(node);
            if (chance(4)) network.delay(node, time());
            if (chance(4)) network.duplicate(node);
            if (chance(8)) network.fail(node, "no luck");
            if (chance(8)) network.spoil(node, [](auto& update) { update.parameters[0] = std::nanf(""); });
        }
        for (ClientId client = 1; client <= 3; ++client) {
            const auto nodes = network.host_of(client)->nodes.text();
            if (chance(4)) network.at(time(), [&network, client] { network.silence(client); });
            if (!chance(3)) continue;
            network.at(time(), [&network, client] { network.cut(client); });
            if (chance(2)) network.at(FakeNetwork::Seconds{25}, [&network, nodes] { network.connect(nodes); });
        }
        network.at(FakeNetwork::Seconds{30}, [&network] { network.connect("6-7"); });
        const auto lines = federation.run();
        double sum = 0;
        double delivered = 0;
        for (std::uint32_t node = 0; node < 6; ++node)
            if (std::ranges::count(lines, "add " + std::to_string(node)) == 1) {
                sum += node + 1;
                ++delivered;
            }
        REQUIRE(delivered > 0);
        CHECK(federation.mean[0] == Approx(sum / delivered));
    }
}
