#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/protocol/messages.hpp"
#include "common/protocol/secret.hpp"

namespace fedgram::experiments {

/// A connection to a server of inferences, as lean as can be, so that a generator takes little of the time that it
/// measures. Used on the thread of its io_context alone.
class ServerConnection {
public:
    /// A frame's header, and the bytes behind it, which hold during the call.
    using Receiver =
        std::function<void(protocol::MessageType, const std::string& header, std::span<const float> payload)>;

    /// Connects and says hello, which may block. Throws SystemError where nobody listens, ProtocolError where the
    /// server refuses, or is none.
    ServerConnection(asio::io_context& context, const std::string& address,
                     const std::optional<protocol::Secret>& secret);
    ServerConnection(const ServerConnection&) = delete;
    ServerConnection& operator=(const ServerConnection&) = delete;

    [[nodiscard]] const wire::ServerHello& server() const { return server_; }

    /// Asks, and waits for the answer. Only before `start` and behind `stop`, when no request is unanswered.
    [[nodiscard]] wire::ServerMetrics metrics();

    /// From now on `receive` gets what comes; what it throws goes to whoever runs the io_context. So does a
    /// ProtocolError when the server ends the connection or sends garbage.
    void start(Receiver receive);
    /// The image is borrowed until its last byte is sent.
    void send(std::uint64_t id, std::span<const std::byte> image);
    /// Ends reading. May be called twice.
    void stop();

private:
    struct Request {
        std::uint64_t id;
        std::span<const std::byte> image;
    };

    [[nodiscard]] protocol::Frame next_frame();
    void send_now(const protocol::OutgoingFrame& frame);
    void write();
    void fill_outgoing();
    void read();
    void take_frames();

    asio::ip::tcp::socket socket_;
    protocol::Limits limits_;
    wire::ServerHello server_;
    Receiver receive_;
    std::deque<Request> requests_;  // that aren't in outgoing_ yet
    std::vector<std::byte> outgoing_;
    bool writing_ = false;
    bool stopped_ = false;
    std::vector<std::byte> incoming_;
    std::size_t filled_ = 0;  // of incoming_
    std::string header_;
    std::vector<float> payload_;
};

}  // namespace fedgram::experiments
