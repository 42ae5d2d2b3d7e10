#include "common/serving/batcher.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "tests/unit/serving/milliseconds.hpp"

using namespace fedgram;
using namespace fedgram::serving;
using Catch::Contains;
using test::ms;

namespace {

std::string ids(std::span<const QueuedRequest> requests)
{
    std::string text;
    for (const auto& request : requests)
        text += (text.empty() ? "" : " ") + std::to_string(static_cast<std::uint64_t>(request.id));
    return text;
}

Decision arrives(Batcher& batcher, std::uint64_t id, std::int64_t at)
{
    return batcher.request_arrives(RequestId{id}, ms(at));
}

std::string batch(const Decision& decision) { return ids(decision.batch); }

}  // namespace

TEST_CASE("A free instance takes what waits, in order, up to the largest batch, and never waits for more by itself")
{
    Batcher batcher{{.max_batch = 3}};
    CHECK(batch(arrives(batcher, 1, 0)) == "1");
    for (std::uint64_t id = 2; id <= 5; ++id) CHECK(batch(arrives(batcher, id, 1)).empty());
    CHECK(batcher.waiting() == 4);
    const auto full = batcher.instance_is_free(0, ms(5));
    CHECK(batch(full) == "2 3 4");
    CHECK(full.batch.front().arrival == ms(1));
    CHECK_FALSE(full.wake_at);
    CHECK(batch(batcher.instance_is_free(0, ms(6))) == "5");
    CHECK(batch(batcher.instance_is_free(0, ms(7))).empty());
    CHECK(batcher.free_instances() == 1);
}

TEST_CASE("A batch that isn't full waits until its oldest request has waited the queue delay")
{
    Batcher batcher{{.max_batch = 3, .queue_delay = ms(10)}};
    CHECK(arrives(batcher, 1, 0).wake_at == ms(10));
    CHECK(arrives(batcher, 2, 4).wake_at == ms(10));
    CHECK(batch(batcher.time_passes(ms(9))).empty());
    CHECK(batch(batcher.time_passes(ms(10))) == "1 2");
}

TEST_CASE("A full batch leaves at once, whatever the delay")
{
    Batcher batcher{{.max_batch = 3, .queue_delay = ms(10)}};
    CHECK(batch(arrives(batcher, 1, 0)).empty());
    CHECK(batch(arrives(batcher, 2, 1)).empty());
    const auto full = arrives(batcher, 3, 2);
    CHECK(batch(full) == "1 2 3");
    CHECK_FALSE(full.wake_at);
}

TEST_CASE("What has waited the delay while instances were busy leaves with the first one that is free")
{
    Batcher batcher{{.max_batch = 2, .queue_delay = ms(10)}};
    CHECK(batch(arrives(batcher, 1, 0)).empty());
    CHECK(batch(arrives(batcher, 2, 0)) == "1 2");
    CHECK_FALSE(arrives(batcher, 3, 15).wake_at);  // no instance is free: time alone begins nothing
    CHECK(batch(batcher.instance_is_free(0, ms(30))) == "3");

    SECTION("a younger one waits for the rest of its delay")
    {
        CHECK(batch(arrives(batcher, 4, 35)).empty());
        const auto free = batcher.instance_is_free(0, ms(40));
        CHECK(batch(free).empty());
        CHECK(free.wake_at == ms(45));
        CHECK(batch(batcher.time_passes(ms(47))) == "4");  // a timer that comes late
    }
}

TEST_CASE("Once the delay has ended, what waits leaves at once or with the next free instance, and no deadline changes")
{
    Batcher batcher{{.max_batch = 3, .instances = 2, .queue_delay = ms(40'000), .deadline = ms(50'000)}};
    CHECK(batch(arrives(batcher, 1, 0)).empty());
    CHECK(arrives(batcher, 2, 1).wake_at == ms(40'000));
    const auto ended = batcher.end_delay(ms(2));
    CHECK(batch(ended) == "1 2");
    CHECK_FALSE(ended.wake_at);
    CHECK(batch(arrives(batcher, 3, 3)) == "3");

    Batcher busy{{.max_batch = 2, .queue_delay = ms(40'000)}};
    arrives(busy, 1, 0);
    CHECK(batch(arrives(busy, 2, 0)) == "1 2");
    for (std::uint64_t id = 3; id <= 5; ++id) arrives(busy, id, 1);
    CHECK(batch(busy.end_delay(ms(2))).empty());
    CHECK(batch(busy.instance_is_free(0, ms(3))) == "3 4");
    CHECK(batch(busy.instance_is_free(0, ms(4))) == "5");
}

TEST_CASE("A full queue refuses who comes, and nobody while an instance is free")
{
    Batcher batcher{{.queue_limit = 2}};
    CHECK(batch(arrives(batcher, 1, 0)) == "1");
    CHECK_FALSE(arrives(batcher, 2, 1).refused);
    CHECK_FALSE(arrives(batcher, 3, 1).refused);
    CHECK(arrives(batcher, 4, 1).refused);
    CHECK(batcher.waiting() == 2);
    CHECK(batch(batcher.instance_is_free(0, ms(2))) == "2");
    CHECK_FALSE(arrives(batcher, 5, 3).refused);

    Batcher without_queue{{.queue_limit = 0}};
    CHECK(batch(arrives(without_queue, 1, 0)) == "1");
    CHECK(arrives(without_queue, 2, 0).refused);
}

TEST_CASE("Who hasn't begun at its deadline expires, the oldest first, and makes room")
{
    Batcher batcher{{.queue_limit = 2, .deadline = ms(10)}};
    CHECK_FALSE(arrives(batcher, 1, 0).wake_at);
    CHECK(arrives(batcher, 2, 1).wake_at == ms(11));
    CHECK(arrives(batcher, 3, 4).wake_at == ms(11));
    const auto newcomer = arrives(batcher, 4, 11);
    CHECK(ids(newcomer.expired) == "2");
    CHECK_FALSE(newcomer.refused);
    CHECK(newcomer.wake_at == ms(14));
    const auto free = batcher.instance_is_free(0, ms(14));  // 3 is over at this very instant
    CHECK(ids(free.expired) == "3");
    CHECK(batch(free) == "4");
    CHECK(free.expired.front().arrival == ms(4));
    const auto late = batcher.time_passes(ms(60));
    CHECK(late.expired.empty());  // what has begun doesn't expire
}

TEST_CASE("Of several free instances the one that was freed last is taken")
{
    Batcher batcher{{.instances = 3}};
    CHECK(arrives(batcher, 1, 0).instance == 0);
    CHECK(arrives(batcher, 2, 0).instance == 1);
    CHECK(arrives(batcher, 3, 0).instance == 2);
    CHECK(batch(arrives(batcher, 4, 0)).empty());
    const auto next = batcher.instance_is_free(1, ms(1));
    CHECK(batch(next) == "4");
    CHECK(next.instance == 1);
    (void)batcher.instance_is_free(2, ms(2));
    (void)batcher.instance_is_free(0, ms(3));
    CHECK(arrives(batcher, 5, 4).instance == 0);
    CHECK(arrives(batcher, 6, 4).instance == 2);
}

TEST_CASE("Settings that aren't valid are refused with what would be")
{
    CHECK_THROWS_WITH((Batcher{{.max_batch = 0}}), "max_batch: 0 is not valid; use 1 to 1048576");
    CHECK_THROWS_WITH((Batcher{{.instances = 0}}), "instances: 0 is not valid; use 1 to 65536");
    CHECK_THROWS_WITH((Batcher{{.queue_delay = Nanoseconds{-1}}}), "queue_delay: -1 is not valid; use 0 to 10^18 ns");
    CHECK_THROWS_WITH((Batcher{{.max_batch = 8, .queue_limit = 6}}),
                      "queue_limit: 6 is not valid; use at least 7, or no batch of 8 ever gathers");
    CHECK_THROWS_WITH((Batcher{{.queue_delay = ms(1), .deadline = ms(1)}}),
                      Contains("deadline: 1000000 is not valid; use more than the queue_delay of 1000000 ns"));
    CHECK_THROWS_AS((Batcher{{.deadline = Nanoseconds{}}}), SpecError);
    CHECK_NOTHROW(Batcher{{.max_batch = 8, .queue_limit = 7, .deadline = Nanoseconds{1}}});
}

// The rules again, as what must hold behind every event of a random order.
TEST_CASE("Whatever comes, batches keep to the rules and each request has one end")
{
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Stream random{seed, Purpose::probe};
        BatcherSettings settings;
        settings.max_batch = static_cast<std::uint32_t>(1 + random.below(5));
        settings.instances = static_cast<std::uint32_t>(1 + random.below(3));
        settings.queue_delay = Nanoseconds{static_cast<std::int64_t>(random.below(2) * random.below(20))};
        settings.queue_limit = settings.max_batch - 1 + static_cast<std::uint32_t>(random.below(6));
        if (random.below(2) == 0)
            settings.deadline = settings.queue_delay + Nanoseconds{static_cast<std::int64_t>(1 + random.below(30))};
        CAPTURE(seed, settings.max_batch, settings.instances, settings.queue_limit);

        Batcher batcher{settings};
        std::vector<std::uint32_t> busy;
        std::map<RequestId, Nanoseconds> waiting;  // ids ascend with arrivals
        Nanoseconds now;
        std::uint64_t next_id = 0;
        for (int event = 0; event < 300; ++event) {
            now += Nanoseconds{static_cast<std::int64_t>(random.below(6))};
            const bool had_free = busy.size() < settings.instances;
            Decision decision;
            const auto kind = random.below(4);
            if (kind == 0 && !busy.empty()) {
                const auto which = static_cast<std::ptrdiff_t>(random.below(busy.size()));
                const auto instance = *(busy.begin() + which);
                busy.erase(busy.begin() + which);
                decision = batcher.instance_is_free(instance, now);
            } else if (kind == 1) {
                decision = batcher.time_passes(now);
            } else {
                const RequestId id{next_id++};
                decision = batcher.request_arrives(id, now);
                if (!decision.refused) waiting.emplace(id, now);
                if (decision.refused) REQUIRE_FALSE(had_free);
                if (decision.refused) REQUIRE(waiting.size() - decision.expired.size() == settings.queue_limit);
            }
            for (const auto& [id, arrival] : decision.expired) {
                REQUIRE(waiting.begin()->first == id);
                REQUIRE(arrival + *settings.deadline <= now);
                waiting.erase(id);
            }
            if (!decision.batch.empty()) {
                REQUIRE(decision.batch.size() <= settings.max_batch);
                REQUIRE((decision.batch.size() == settings.max_batch ||
                         decision.batch.front().arrival + settings.queue_delay <= now));
                REQUIRE(std::ranges::find(busy, decision.instance) == busy.end());
                busy.push_back(decision.instance);
            }
            for (const auto& [id, arrival] : decision.batch) {
                REQUIRE(waiting.begin()->first == id);
                REQUIRE(waiting.begin()->second == arrival);
                waiting.erase(id);
            }
            REQUIRE(batcher.waiting() == waiting.size());
            REQUIRE(waiting.size() <= settings.queue_limit);
            REQUIRE(batcher.free_instances() == settings.instances - busy.size());
            if (waiting.empty()) {
                REQUIRE_FALSE(decision.wake_at);
                continue;
            }
            const auto oldest = waiting.begin()->second;
            if (settings.deadline) REQUIRE(oldest + *settings.deadline > now);
            if (busy.size() < settings.instances) {  // nothing ready is left
                REQUIRE(waiting.size() < settings.max_batch);
                REQUIRE(oldest + settings.queue_delay > now);
                REQUIRE(decision.wake_at == oldest + settings.queue_delay);
            }
        }
    }
}
