#include "common/net/channel.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <thread>

using namespace fedgram;
using namespace std::chrono_literals;
using asio::ip::tcp;

namespace {

/// One connection over loopback: a channel at one end, a bare socket at the other.
struct Wire {
    asio::io_context context;
    tcp::socket peer{context};
    std::unique_ptr<net::Channel> channel;

    Wire()
    {
        tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
        peer.connect(acceptor.local_endpoint());
        channel = std::make_unique<net::Channel>(net::plain_stream(acceptor.accept()), context.get_executor());
    }

    /// The peer writes these, with a pause before each.
    void write(std::vector<std::string> pieces, std::chrono::milliseconds pause)
    {
        asio::co_spawn(context, write_slowly(std::move(pieces), pause), [](std::exception_ptr) {});
    }

    /// What `reading` gives, or throws.
    protocol::Frame await(asio::awaitable<protocol::Frame> reading)
    {
        std::optional<protocol::Frame> result;
        std::exception_ptr failure;
        asio::co_spawn(context, std::move(reading), [&](std::exception_ptr error, protocol::Frame frame) {
            failure = error;
            result = std::move(frame);
            context.stop();
        });
        context.run();
        if (failure) std::rethrow_exception(failure);
        return std::move(*result);
    }

private:
    asio::awaitable<void> write_slowly(std::vector<std::string> pieces, std::chrono::milliseconds pause)
    {
        asio::steady_timer timer{context};
        for (const auto& piece : pieces) {
            timer.expires_after(pause);
            co_await timer.async_wait(asio::use_awaitable);
            co_await asio::async_write(peer, asio::buffer(piece), asio::use_awaitable);
        }
    }
};

/// A round's model of 64 chunks, cut into so many pieces.
std::vector<std::string> frame_in_pieces(std::size_t pieces, protocol::Limits& limits)
{
    limits.payload_bytes = 64 * 64 * 1024;
    const auto fixed = protocol::encode({protocol::MessageType::round_model, 0, limits.payload_bytes});
    std::string bytes{reinterpret_cast<const char*>(fixed.data()), fixed.size()};
    bytes.resize(bytes.size() + limits.payload_bytes);
    std::vector<std::string> result;
    const auto size = bytes.size() / pieces + 1;
    for (std::size_t begin = 0; begin < bytes.size(); begin += size) result.push_back(bytes.substr(begin, size));
    return result;
}

}  // namespace

TEST_CASE("A frame that takes longer than the silence deadline arrives, as long as some of it does", "[net]")
{
    Wire wire;
    protocol::Limits limits;
    const auto pieces = frame_in_pieces(8, limits);
    wire.channel->set_limits(limits);
    wire.write(pieces, 100ms);
    const auto frame = wire.await(wire.channel->receive(net::Clock::duration{500ms}));
    CHECK(frame.payload.size() * sizeof(float) == limits.payload_bytes);
}

TEST_CASE("A frame that stops in its middle is a timeout", "[net]")
{
    Wire wire;
    protocol::Limits limits;
    auto pieces = frame_in_pieces(8, limits);
    pieces.resize(3);
    wire.channel->set_limits(limits);
    wire.write(pieces, 10ms);
    CHECK_THROWS_AS(wire.await(wire.channel->receive(net::Clock::duration{200ms})), Timeout);
}

TEST_CASE("Before a peer is trusted its frame has one deadline, however busy it is", "[net]")
{
    Wire wire;
    protocol::Limits limits;
    const auto pieces = frame_in_pieces(64, limits);
    wire.channel->set_limits(limits);
    wire.write(pieces, 20ms);
    CHECK_THROWS_AS(wire.await(wire.channel->receive(net::Clock::now() + 200ms)), Timeout);
}

TEST_CASE("What arrived while this process was held up counts, though the deadline has passed", "[net]")
{
    Wire wire;
    protocol::Limits limits;
    const auto pieces = frame_in_pieces(1, limits);
    wire.channel->set_limits(limits);
    auto reading = wire.channel->receive(net::Clock::now() + 100ms);
    bool blocked = false;
    asio::steady_timer soon{wire.context, 20ms};
    soon.async_wait([&](const asio::error_code&) {
        // The thread that should have read does something else for too long.
        // The kernel's buffers take the header and the first chunks, the rest follows as it is read.
        wire.write(pieces, 0ms);
        std::this_thread::sleep_for(1300ms);
        blocked = true;
    });
    CHECK(wire.await(std::move(reading)).payload.size() * sizeof(float) == limits.payload_bytes);
    CHECK(blocked);
}

TEST_CASE("Draining ends with the peer, or at its deadline", "[net]")
{
    Wire wire;
    wire.write({std::string(200'000, 'x')}, 1ms);
    bool done = false;
    const auto drain = [&](net::Clock::time_point deadline) -> asio::awaitable<void> {
        co_await wire.channel->drain(deadline);
        done = true;
        wire.context.stop();
    };
    asio::co_spawn(wire.context, drain(net::Clock::now() + 50ms), [](std::exception_ptr) {});
    wire.context.run();
    CHECK(done);
    done = false;
    wire.context.restart();
    wire.peer.close();
    asio::co_spawn(wire.context, drain(net::Clock::now() + 1h), [](std::exception_ptr) {});
    wire.context.run();
    CHECK(done);
}

TEST_CASE("A connection that has come to its end is drained at once, whatever the deadline", "[net]")
{
    Wire wire;
    wire.peer.close();
    CHECK_THROWS_AS(wire.await(wire.channel->receive(net::Clock::now() + 1h)), std::system_error);
    wire.context.restart();
    bool drained = false;
    asio::co_spawn(wire.context, wire.channel->drain(net::Clock::now() + 1h), [&](std::exception_ptr) {
        drained = true;
        wire.context.stop();
    });
    wire.context.run_for(30s);
    CHECK(drained);
}
