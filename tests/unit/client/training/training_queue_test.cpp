#include "client/training/training_queue.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "common/error/error.hpp"

using namespace fedgram::client;
using namespace std::chrono_literals;

namespace {

/// A training thread that is played by hand: nothing trains, and the time stands still unless it is moved.
struct Played {
    std::shared_ptr<Demand> demand = std::make_shared<Demand>();
    std::map<std::uint32_t, std::uint64_t> samples;  // of each node, once its training has begun
    TrainingQueue queue{[this](const Task& task) {
        const auto found = samples.find(task.node);
        return found == samples.end() ? std::nullopt : std::optional{found->second};
    }};
    TrainingQueue::TimePoint now{};

    explicit Played(std::uint32_t round = 1) { demand->newest_round = round; }

    void add(std::uint32_t node, std::uint32_t round = 1) { queue.add({demand, {0, round, node}, nullptr}); }

    /// The node that is to be trained next; nothing where that isn't the next step.
    std::optional<std::uint32_t> job()
    {
        const auto step = queue.next(now);
        const auto* job = std::get_if<Job>(&step);
        return job ? std::optional{job->task.node} : std::nullopt;
    }
    void trained(std::uint32_t node, std::uint64_t samples_seen, std::chrono::microseconds took)
    {
        now += took;
        Answer answer{demand, {0, 1, node}};
        answer.result.emplace();
        answer.result->samples_seen = samples_seen;
        queue.ended(std::move(answer), now, took);
    }
    /// The same, into the sum.
    void held(std::uint32_t node, std::uint32_t share_left, std::chrono::microseconds took)
    {
        now += took;
        Answer answer{.demand = demand, .task = {0, 1, node, 0, share_left}};
        answer.held = true;
        answer.result.emplace();
        answer.result->samples_seen = 60;
        queue.ended(std::move(answer), now, took);
    }
    bool sends_sum() { return std::holds_alternative<TrainingQueue::SendSum>(queue.next(now)); }
    /// The nodes whose answers go out next; none where that isn't the next step.
    std::vector<std::uint32_t> sent()
    {
        auto step = queue.next(now);
        std::vector<std::uint32_t> nodes;
        if (const auto* answers = std::get_if<std::vector<Answer>>(&step))
            for (const auto& answer : *answers) nodes.push_back(answer.task.node);
        return nodes;
    }
    bool waits() { return std::holds_alternative<TrainingQueue::Wait>(queue.next(now)); }
};

using Nodes = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("Jobs are trained in the order in which they come", "[client]")
{
    Played played;
    CHECK(played.waits());
    for (const auto node : {4u, 2u, 9u}) played.add(node);
    CHECK(played.job() == 4u);
    CHECK(played.job() == 2u);
    CHECK(played.job() == 9u);
    CHECK(played.waits());
}

TEST_CASE("A job of a round that has ended, or of a session that has, is left", "[client]")
{
    Played played;
    played.add(1);
    played.add(2);
    CHECK(played.job() == 1u);
    played.demand->newest_round = 2;
    played.add(3, 2);
    CHECK(played.job() == 3u);

    played.add(4, 2);
    played.demand->ended = true;
    CHECK(played.waits());
}

TEST_CASE("A training that was under way is answered, though its round has ended", "[client]")
{
    Played played;
    played.add(1);
    CHECK(played.job() == 1u);
    played.demand->newest_round = 2;
    played.trained(1, 60, 10ms);
    CHECK(played.sent() == Nodes{1});
}

TEST_CASE("Short trainings' answers go out together, and the last with them", "[client]")
{
    Played played;
    played.samples = {{1, 60}, {2, 60}, {3, 60}};
    for (const auto node : {1u, 2u, 3u}) played.add(node);
    CHECK(played.job() == 1u);
    played.trained(1, 60, 200us);
    CHECK(played.job() == 2u);  // 0.2 ms more: the first answer can wait for it
    played.trained(2, 60, 200us);
    CHECK(played.job() == 3u);
    played.trained(3, 60, 200us);
    CHECK(played.sent() == Nodes{1, 2, 3});
    CHECK(played.waits());
}

TEST_CASE("An answer doesn't wait for a long training, nor for one of unknown length", "[client]")
{
    Played played;
    played.samples = {{1, 60}, {2, 6'000}};
    for (const auto node : {1u, 2u, 3u}) played.add(node);
    CHECK(played.job() == 1u);
    played.trained(1, 60, 200us);
    CHECK(played.sent() == Nodes{1});  // by hand: the next takes 20 ms, more than 2 ms
    CHECK(played.job() == 2u);
    played.trained(2, 6'000, 20ms);
    CHECK(played.sent() == Nodes{2});
    CHECK(played.job() == 3u);
}

TEST_CASE("An answer doesn't wait for a job that nobody waits for any more", "[client]")
{
    Played played;
    played.samples = {{1, 60}, {2, 60}};
    played.add(1);
    played.add(2);
    CHECK(played.job() == 1u);
    played.trained(1, 60, 200us);
    played.demand->newest_round = 2;
    CHECK(played.sent() == Nodes{1});
    CHECK(played.waits());
}

TEST_CASE("A training that failed is answered too, and tells nothing of how long others take", "[client]")
{
    Played played;
    played.samples = {{1, 60}, {2, 60}};
    played.add(1);
    played.add(2);
    CHECK(played.job() == 1u);
    Answer failed{played.demand, {0, 1, 1}};
    failed.failure = "no memory";
    played.queue.ended(std::move(failed), played.now, 1us);
    CHECK(played.sent() == Nodes{1});
    CHECK(played.job() == 2u);
}

TEST_CASE("A coordinator that hands out without end is refused; what it has given up doesn't count", "[client]")
{
    Played played;
    for (std::uint32_t node = 0; node < TrainingQueue::most_waiting; ++node) played.add(node);
    CHECK_THROWS_AS(played.add(0), fedgram::ProtocolError);
    played.demand->newest_round = 2;
    played.add(7, 2);
    CHECK(played.job() == 7u);
}

TEST_CASE("The sum goes behind the answers of its nodes, once the share has ended", "[client]")
{
    Played played;
    played.samples = {{1, 60}, {2, 60}};
    played.add(1);
    played.add(2);
    CHECK(played.job() == 1u);
    played.held(1, 1, 200us);
    CHECK(played.job() == 2u);
    played.held(2, 0, 200us);
    CHECK(played.sent() == Nodes{1, 2});
    CHECK(played.sends_sum());
    CHECK(played.waits());
}

TEST_CASE("A sum that waits for further nodes goes when its time has come", "[client]")
{
    Played played;
    played.add(1);
    CHECK(played.job() == 1u);
    played.held(1, 7, 200us);
    CHECK(played.sent() == Nodes{1});
    const auto step = played.queue.next(played.now);
    REQUIRE(std::holds_alternative<TrainingQueue::Wait>(step));
    CHECK(std::get<TrainingQueue::Wait>(step).until == played.now + 5s);
    played.now += 5s;
    CHECK(played.sends_sum());
    CHECK_FALSE(std::get<TrainingQueue::Wait>(played.queue.next(played.now)).until);
}

TEST_CASE("A sum goes before a training that would end after its time", "[client]")
{
    Played played;
    played.samples = {{1, 60}, {2, 60}, {3, 600}};
    for (const auto node : {1u, 2u, 3u}) played.add(node);
    CHECK(played.job() == 1u);
    played.held(1, 9, 1s);
    CHECK(played.sent() == Nodes{1});
    CHECK(played.job() == 2u);
    played.held(2, 8, 1s);
    CHECK(played.sent() == Nodes{2});
    CHECK(played.sends_sum());  // by hand: the next takes 10 s
    CHECK(played.job() == 3u);
}

TEST_CASE("A sum that nobody waits for any more is not sent", "[client]")
{
    Played played;
    played.add(1);
    CHECK(played.job() == 1u);
    played.held(1, 7, 200us);
    CHECK(played.sent() == Nodes{1});
    played.demand->newest_round = 2;
    played.now += 10s;
    CHECK_FALSE(std::get<TrainingQueue::Wait>(played.queue.next(played.now)).until);
}
