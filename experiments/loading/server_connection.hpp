#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/net/stream.hpp"
#include "common/net/tls.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/secret.hpp"

namespace fedgram::experiments {

/// A connection to a server of inferences, over TCP or TLS, as lean as can be, so that a generator takes little of the
/// time that it measures. Used on the thread of its io_context alone, which outlives it.
class ServerConnection {
public:
    /// A frame's header, and the bytes behind it, which hold during the call.
    using Receiver =
        std::function<void(protocol::MessageType, const std::string& header, std::span<const float> payload)>;

    /// Connects and says hello, by running the io_context until that is done. `tls` is borrowed; null: plain TCP.
    /// Throws SystemError where nobody listens, ProtocolError where the server refuses, is none, or says nothing for 10
    /// s.
    ServerConnection(asio::io_context& context, const std::string& address,
                     const std::optional<protocol::Secret>& secret, const net::Tls* tls);
    ServerConnection(const ServerConnection&) = delete;
    ServerConnection& operator=(const ServerConnection&) = delete;

    [[nodiscard]] const wire::ServerHello& server() const { return server_; }

    /// From now on `receive` gets what comes; what it throws goes to whoever runs the io_context. So does a
    /// ProtocolError when the server ends the connection or sends garbage.
    void start(Receiver receive);
    /// The image is borrowed until its last byte is sent.
    void send(std::uint64_t id, std::span<const std::byte> image);
    void ask_for_metrics();
    /// Ends reading and writing. May be called twice.
    void stop();

private:
    struct Request {
        std::uint64_t id;
        std::span<const std::byte> image;
    };

    asio::awaitable<bool> greet(const std::optional<protocol::Secret>& secret, bool encrypted);
    asio::awaitable<protocol::Frame> next_frame();
    asio::awaitable<void> send_now(const protocol::OutgoingFrame& frame);
    asio::awaitable<void> read();
    asio::awaitable<void> write();
    asio::awaitable<void> read_more();
    asio::awaitable<void> write_outgoing();
    void begin_writing();
    void fill_outgoing();
    /// The next frame that is there whole, into type_, header_ and payload_.
    [[nodiscard]] bool take_frame();
    /// Runs a coroutine; what it throws goes to whoever runs the io_context, unless this has been stopped.
    void spawn(asio::awaitable<void> operation);

    asio::io_context& context_;
    std::unique_ptr<net::Stream> stream_;
    protocol::Limits limits_;
    wire::ServerHello server_;
    Receiver receive_;
    bool asks_for_metrics_ = false;
    std::deque<Request> requests_;  // that aren't in outgoing_ yet
    std::vector<std::byte> outgoing_;
    bool writing_ = false;
    bool stopped_ = false;
    std::vector<std::byte> incoming_;
    std::size_t begin_ = 0;   // in incoming_, of what isn't taken yet
    std::size_t filled_ = 0;  // of incoming_
    protocol::MessageType type_{};
    std::string header_;
    std::vector<float> payload_;
};

}  // namespace fedgram::experiments
