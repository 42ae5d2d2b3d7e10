#include "common/net/channel.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/memory_stream.hpp"

using namespace fedgram;
using namespace std::chrono_literals;
using protocol::MessageType;

namespace {

/// A channel whose peer is the test. Its deadlines are hours away: nothing here waits.
struct Line {
    asio::io_context context;
    std::shared_ptr<test::MemoryPeer> peer = std::make_shared<test::MemoryPeer>(context.get_executor());
    net::Channel channel{std::make_unique<test::MemoryStream>(peer), context.get_executor()};
    std::optional<protocol::Frame> frame;
    std::exception_ptr failure;
    bool outbox_ended = false;

    void receive()
    {
        frame.reset();
        asio::co_spawn(context, channel.receive(net::Clock::now() + 1h),
                       [this](std::exception_ptr error, protocol::Frame received) {
                           failure = error;
                           if (!error) frame = std::move(received);
                       });
        go_on();
    }
    void run_outbox()
    {
        asio::co_spawn(context, channel.run_outbox(1h), [this](std::exception_ptr error) {
            failure = error;
            outbox_ended = true;
        });
        go_on();
    }
    /// All that can be done now is done.
    void go_on()
    {
        context.restart();
        context.poll();
    }
};

std::string bytes_of(MessageType type, const std::string& header, const std::vector<float>& payload = {})
{
    const auto fixed = protocol::encode(
        {type, static_cast<std::uint32_t>(header.size()), std::uint64_t{payload.size() * sizeof(float)}});
    return std::string{reinterpret_cast<const char*>(fixed.data()), fixed.size()} + header +
           std::string{reinterpret_cast<const char*>(payload.data()), payload.size() * sizeof(float)};
}

protocol::OutgoingFrame outgoing(const std::string& header) { return {MessageType::heartbeat, header, nullptr}; }

}  // namespace

TEST_CASE("A frame arrives whole, however it was cut into pieces", "[net]")
{
    const std::vector<float> payload{1.5f, -2, 3};
    const auto bytes = bytes_of(MessageType::client_update, "update", payload);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
        Line line;
        line.channel.set_limits({100, 12});
        line.receive();
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            CHECK_FALSE(line.frame);
            line.peer->say(bytes.substr(at, piece));
            line.go_on();
        }
        REQUIRE(line.frame);
        CHECK(line.frame->type == MessageType::client_update);
        CHECK(line.frame->header == "update");
        CHECK(line.frame->payload == payload);
        CHECK(line.channel.bytes_received() == 20 + 6 + 12);
    }
}

TEST_CASE("A payload of bytes that fill no whole float comes and goes as it is", "[net]")
{
    // Five bytes, and the next frame right behind them.
    const auto fixed = protocol::encode({MessageType::encoded_update, 6, 5});
    const auto bytes = std::string{reinterpret_cast<const char*>(fixed.data()), fixed.size()} + "update" + "12345";
    Line line;
    line.channel.set_limits({100, 12, 5});
    line.peer->say(bytes + bytes_of(MessageType::heartbeat, "next"));
    line.receive();
    REQUIRE(line.frame);
    CHECK(line.frame->payload.size() == 2);
    const auto encoded = line.frame->encoded();
    CHECK(std::string{reinterpret_cast<const char*>(encoded.data()), encoded.size()} == "12345");
    CHECK(line.channel.bytes_received() == bytes.size());
    auto payload = std::make_shared<const std::vector<float>>(line.frame->payload);
    line.receive();
    CHECK(line.frame->header == "next");

    line.peer->make_room(1000);
    line.run_outbox();
    line.channel.post({MessageType::encoded_update, "update", std::move(payload), 5});
    line.channel.post({MessageType::encoded_update, "", std::make_shared<const std::vector<float>>(), 0});
    line.go_on();
    const auto empty = protocol::encode({MessageType::encoded_update, 0, 0});
    CHECK(line.peer->heard() == bytes + std::string{reinterpret_cast<const char*>(empty.data()), empty.size()});
}

TEST_CASE("Frames that arrive together are received one after the other", "[net]")
{
    Line line;
    line.channel.set_limits({100, 8});
    line.peer->say(bytes_of(MessageType::heartbeat, "") + bytes_of(MessageType::round_model, "m", {4, 5}) +
                   bytes_of(MessageType::train_node, "task"));
    line.receive();
    CHECK(line.frame->type == MessageType::heartbeat);
    line.receive();
    CHECK(line.frame->payload == std::vector<float>{4, 5});
    line.receive();
    CHECK(line.frame->header == "task");
}

TEST_CASE("A frame beyond the limits is refused by its first bytes", "[net]")
{
    Line line;
    line.channel.set_limits({100, 0});
    line.peer->say(bytes_of(MessageType::hello, std::string(101, 'x')).substr(0, protocol::frame_header_size));
    line.receive();
    REQUIRE(line.failure);
    CHECK_THROWS_AS(std::rethrow_exception(line.failure), ProtocolError);
}

TEST_CASE("A connection that ends within a frame is an error of the connection", "[net]")
{
    Line line;
    line.channel.set_limits({100, 8});
    line.peer->say(bytes_of(MessageType::round_model, "m", {4, 5}).substr(0, 25));
    line.receive();
    CHECK_FALSE(line.failure);
    line.peer->hang_up();
    line.go_on();
    REQUIRE(line.failure);
    CHECK_THROWS_AS(std::rethrow_exception(line.failure), std::system_error);
}

TEST_CASE("What is posted leaves in order, as the peer takes it", "[net]")
{
    Line line;
    line.run_outbox();
    const auto expected = bytes_of(MessageType::heartbeat, "first") + bytes_of(MessageType::heartbeat, "second");
    line.channel.post(outgoing("first"));
    line.channel.post(outgoing("second"));
    line.go_on();
    CHECK(line.peer->heard().empty());
    for (std::size_t taken = 0; taken < expected.size(); taken += 7) {
        line.peer->make_room(7);
        line.go_on();
    }
    CHECK(line.peer->heard() == expected);
    CHECK(line.channel.bytes_sent() == expected.size());
}

TEST_CASE("An outbox that is to finish sends what is posted, and ends", "[net]")
{
    Line line;
    line.peer->make_room(1000);
    line.run_outbox();
    line.channel.post(outgoing("last"));
    line.channel.finish();
    line.go_on();
    CHECK(line.outbox_ended);
    CHECK_FALSE(line.failure);
    CHECK(line.peer->heard() == bytes_of(MessageType::heartbeat, "last"));
}

TEST_CASE("A peer that takes nothing gets no more than 4096 frames of memory", "[net]")
{
    Line line;
    for (int i = 0; i < 4096; ++i) {
        CHECK_FALSE(line.channel.is_full());
        line.channel.post(outgoing(""));
    }
    CHECK(line.channel.is_full());
    CHECK_THROWS_WITH(line.channel.post(outgoing("")), "a peer in memory does not read what is sent to it");
}

TEST_CASE("Who waits for what is posted to be sent hears of it, and of the end", "[net]")
{
    Line line;
    std::size_t heard = 0;
    std::exception_ptr end;
    const auto wait = [&]() -> asio::awaitable<void> {
        for (;; ++heard) co_await line.channel.something_sent();
    };
    asio::co_spawn(line.context, wait, [&](std::exception_ptr error) { end = error; });
    line.run_outbox();
    line.channel.post(outgoing("first"));
    line.channel.post(outgoing("second"));
    line.go_on();
    CHECK(line.channel.posted() == 2);
    CHECK(heard == 0);
    line.peer->make_room(protocol::frame_header_size + 5);
    line.go_on();
    CHECK(line.channel.posted() == 1);
    CHECK(heard == 1);
    CHECK_FALSE(end);
    line.channel.close();
    line.go_on();
    CHECK(heard == 1);
    REQUIRE(end);
    CHECK_THROWS_AS(std::rethrow_exception(end), std::system_error);
}

TEST_CASE("A channel that was closed takes nothing and sends nothing", "[net]")
{
    Line line;
    line.run_outbox();
    line.receive();
    line.channel.close();
    line.channel.post(outgoing("late"));
    line.peer->make_room(1000);
    line.go_on();
    CHECK(line.outbox_ended);
    CHECK(line.peer->closed());
    CHECK(line.peer->heard().empty());
    line.channel.close();
}

TEST_CASE("Draining forgets what the peer says, and ends with it", "[net]")
{
    Line line;
    bool drained = false;
    line.peer->say(std::string(200'000, 'x'));
    asio::co_spawn(line.context, line.channel.drain(net::Clock::now() + 1h),
                   [&](std::exception_ptr) { drained = true; });
    line.go_on();
    CHECK_FALSE(drained);
    line.peer->hang_up();
    line.go_on();
    CHECK(drained);
}

TEST_CASE("A connection that has come to its end is drained at once, whatever the deadline", "[net]")
{
    Line line;
    line.peer->hang_up();
    line.receive();
    REQUIRE(line.failure);
    bool drained = false;
    asio::co_spawn(line.context, line.channel.drain(net::Clock::now() + 1h),
                   [&](std::exception_ptr) { drained = true; });
    line.go_on();
    CHECK(drained);
}
