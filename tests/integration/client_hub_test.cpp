#include "coordinator/clients/client_hub.hpp"

#include <asio/co_spawn.hpp>
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "common/net/address.hpp"
#include "tests/integration/raw_client.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t parameters = 256 * 1024;  // a mebibyte

/// A hub on 127.0.0.1 that expects one node.
struct Door {
    asio::io_context context;
    std::string address;
    std::optional<ClientHub> hub;

    Door()
    {
        auto acceptor = net::listen(context, net::parse_address(context, "127.0.0.1:0"), "--listen HOST:PORT");
        address = net::to_string(acceptor.local_endpoint());
        HubOptions options;
        options.nodes = 1;
        options.payload_bytes = parameters * sizeof(float);
        hub.emplace(context, std::move(acceptor), std::move(options));
        hub->start();
    }
};

}  // namespace

TEST_CASE("A client that sends more than anybody takes is read no further, and nothing of it is lost", "[coordinator]")
{
    constexpr unsigned updates = 100;
    Door door;
    std::atomic<unsigned> sent{0};
    std::jthread client{[&] {
        test::RawClient raw{door.address, 0, parameters, ""};
        for (unsigned update = 0; update < updates; ++update, ++sent) {
            wire::ClientUpdate message;
            message.set_round(update);
            raw.send(protocol::MessageType::client_update, message, std::vector<float>(parameters));
        }
        static_cast<void>(raw.next_task());
    }};
    // As in a long evaluation: the hub goes on, and nobody asks it for events. The sockets' buffers take some more.
    door.context.run_for(2s);
    CHECK(sent < updates / 2);

    std::vector<std::uint32_t> rounds;
    const auto take_all = [&]() -> asio::awaitable<void> {
        while (rounds.size() < updates) {
            const auto event = co_await door.hub->next(net::Clock::now() + 60s);
            if (!event) break;
            if (const auto* arrived = std::get_if<FrameArrived>(&*event))
                rounds.push_back(protocol::parse<wire::ClientUpdate>(arrived->frame).round());
        }
        door.hub->finish(false, "");
    };
    asio::co_spawn(door.context, take_all, [](std::exception_ptr) {});
    door.context.restart();
    door.context.run();
    REQUIRE(rounds.size() == updates);
    CHECK(std::ranges::is_sorted(rounds));
}

TEST_CASE("A client that nobody listens to any more hears the goodbye all the same", "[coordinator]")
{
    Door door;
    bool told = false;
    std::jthread client{[&] {
        test::RawClient raw{door.address, 0, parameters, ""};
        for (int update = 0; update < 8; ++update)
            raw.send(protocol::MessageType::client_update, wire::ClientUpdate{}, std::vector<float>(parameters));
        told = !raw.next_task();
    }};
    const auto end = [&]() -> asio::awaitable<void> {
        // Ready, and the first update: more are waiting.
        for (int events = 0; events < 2; ++events)
            static_cast<void>(co_await door.hub->next(net::Clock::time_point::max()));
        door.hub->finish(false, "");
    };
    asio::co_spawn(door.context, end, [](std::exception_ptr) {});
    door.context.run();
    client.join();
    CHECK(told);
}
