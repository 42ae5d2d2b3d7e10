#include "coordinator/clients/event_queue.hpp"

#include <asio/co_spawn.hpp>
#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::coordinator;

namespace {

struct Queue {
    asio::io_context context;
    EventQueue events{context};

    void push(ClientId client) { events.push(FrameArrived{client, {}}); }

    /// Which client's event is taken; 0 for nobody's.
    ClientId take()
    {
        ClientId taken = 0;
        run([&]() -> asio::awaitable<void> {
            const auto event = co_await events.next(net::Clock::time_point{});
            if (const auto* frame = event ? std::get_if<FrameArrived>(&*event) : nullptr) taken = frame->client;
        });
        return taken;
    }

    template <class Body>
    void run(Body body)
    {
        asio::co_spawn(context, body, [](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
        });
        poll();
    }

    void poll()
    {
        context.restart();
        context.poll();
    }
};

}  // namespace

TEST_CASE("A client whose events nobody takes is read no further, and the others are", "[coordinator]")
{
    Queue queue;
    queue.events.open(1);
    queue.events.open(2);
    for (std::size_t event = 0; event < EventQueue::most_untaken; ++event) {
        CHECK(queue.events.has_room(1));
        queue.push(1);
    }
    CHECK_FALSE(queue.events.has_room(1));
    CHECK(queue.events.has_room(2));
    bool read_on = false;
    const auto reader = [&]() -> asio::awaitable<void> { read_on = co_await queue.events.room(1); };
    queue.run(reader);
    CHECK_FALSE(read_on);
    CHECK(queue.take() == 1);
    queue.poll();
    CHECK(read_on);
}

TEST_CASE("Clients that come, send and go again and again are read no further either", "[coordinator]")
{
    Queue queue;
    ClientId client = 0;
    while (client < EventQueue::most_left_behind) {
        queue.events.open(++client);
        REQUIRE(queue.events.has_room(client));
        queue.push(client);
        queue.events.close(client);
    }
    queue.events.open(++client);
    CHECK_FALSE(queue.events.has_room(client));
    bool read_on = false;
    const auto reader = [&]() -> asio::awaitable<void> { read_on = co_await queue.events.room(client); };
    queue.run(reader);
    CHECK_FALSE(read_on);
    CHECK(queue.take() == 1);
    queue.poll();
    CHECK(read_on);
}

TEST_CASE("A wait for room ends when the client is muted, and when nobody takes events any more", "[coordinator]")
{
    Queue queue;
    queue.events.open(1);
    queue.events.open(2);
    for (std::size_t event = 0; event < EventQueue::most_untaken; ++event) {
        queue.push(1);
        queue.push(2);
    }
    int woken = 0;
    queue.run([&]() -> asio::awaitable<void> { woken += co_await queue.events.room(1) ? 10 : 1; });
    queue.run([&]() -> asio::awaitable<void> { woken += co_await queue.events.room(2) ? 10 : 1; });
    queue.events.mute(1);
    queue.poll();
    CHECK(woken == 1);
    queue.events.finish();
    queue.poll();
    CHECK(woken == 2);
}

TEST_CASE("Events come in the order of arrival, and nothing at the deadline", "[coordinator]")
{
    Queue queue;
    for (const ClientId client : {3, 1, 2}) {
        queue.events.open(client);
        queue.push(client);
    }
    CHECK(queue.take() == 3);
    CHECK(queue.take() == 1);
    CHECK(queue.take() == 2);
    CHECK(queue.events.empty());
    CHECK(queue.take() == 0);
}
