#pragma once

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "common/net/deadline.hpp"
#include "common/net/stream.hpp"
#include "common/protocol/frame.hpp"

namespace fedgram::net {

/// One connection that carries frames. Used on the thread of its io_context alone. `run_outbox` must be running for
/// what `post` takes to leave; the channel must outlive it.
class Channel {
public:
    Channel(std::unique_ptr<Stream> stream, const asio::any_io_executor& executor);

    /// What the stream wants before the first frame; Timeout when it isn't done by `deadline`.
    asio::awaitable<void> handshake(Clock::time_point deadline);

    /// What the peer may send from now on.
    void set_limits(const protocol::Limits& limits) { limits_ = limits; }

    /// The next frame; Timeout when it isn't whole by `deadline`, ProtocolError for what is no frame or beyond the
    /// limits, asio::system_error when the connection is gone.
    asio::awaitable<protocol::Frame> receive(Clock::time_point deadline);

    /// The same; Timeout when nothing at all has arrived for so long. A large frame over a slow link may take longer.
    asio::awaitable<protocol::Frame> receive(Clock::duration silence);

    /// Reads and forgets, until the peer closes the connection or the deadline has passed.
    asio::awaitable<void> drain(Clock::time_point deadline);

    /// Sends a frame at once: for as long as `run_outbox` is not running yet.
    asio::awaitable<void> send(protocol::OutgoingFrame frame, Clock::time_point deadline);

    /// Queues a frame. Throws ProtocolError when the peer doesn't read and the queue is full.
    void post(protocol::OutgoingFrame frame);

    /// Sends what is posted, in order, until `close`. Throws Timeout when the peer has taken nothing for `silence`.
    asio::awaitable<void> run_outbox(std::chrono::milliseconds silence);

    /// Lets the outbox end once it is empty.
    void finish();

    /// May be called twice.
    void close();

    [[nodiscard]] const std::string& peer() const { return stream_->peer(); }
    /// The nodes that the peer's certificate lets it speak for; nothing where there is no certificate to ask for.
    [[nodiscard]] std::optional<protocol::NodeSet> certified_nodes() const { return stream_->certified_nodes(); }
    [[nodiscard]] std::uint64_t bytes_sent() const { return bytes_sent_; }
    [[nodiscard]] std::uint64_t bytes_received() const { return bytes_received_; }

private:
    asio::awaitable<protocol::Frame> read_frame();
    asio::awaitable<bool> write_frame(const protocol::OutgoingFrame& frame);
    asio::awaitable<bool> read_to_the_end();
    asio::awaitable<bool> shake_hands();

    std::unique_ptr<Stream> stream_;
    protocol::Limits limits_;
    std::deque<protocol::OutgoingFrame> outbox_;
    asio::steady_timer wake_;
    bool finishing_ = false;
    bool closed_ = false;
    Clock::time_point last_read_;
    Clock::time_point last_written_;
    std::uint64_t bytes_sent_ = 0;
    std::uint64_t bytes_received_ = 0;
};

}  // namespace fedgram::net
