#pragma once

#include <array>
#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "common/net/deadline.hpp"
#include "common/net/stream.hpp"
#include "common/net/watchdog.hpp"
#include "common/protocol/frame.hpp"
#include "common/protocol/payload_pool.hpp"

namespace fedgram::net {

/// One connection that carries frames. Used on the thread of its io_context alone. Frames that were posted leave while
/// `run_outbox` runs; the channel must outlive it. After one Timeout every operation that follows is one.
class Channel {
public:
    Channel(std::unique_ptr<Stream> stream, const asio::any_io_executor& executor);

    /// The stream's own handshake, before the first frame. Throws Timeout when it isn't done by `deadline`.
    asio::awaitable<void> handshake(Clock::time_point deadline);

    /// What the peer may send from now on, and what its payloads are read into.
    void set_limits(const protocol::Limits& limits, std::shared_ptr<protocol::PayloadPool> payloads = nullptr);

    /// The next frame. Throws Timeout when it hasn't arrived whole by `deadline`, ProtocolError when it is malformed or
    /// beyond the limits, asio::system_error when the connection has ended.
    asio::awaitable<protocol::Frame> receive(Clock::time_point deadline);

    /// The same, but throws Timeout when nothing at all has arrived for `silence`. A large frame over a slow link may
    /// take longer.
    asio::awaitable<protocol::Frame> receive(Clock::duration silence);

    /// Reads and forgets, until the peer closes the connection or the deadline has passed.
    asio::awaitable<void> drain(Clock::time_point deadline);

    /// Sends a frame at once. Only before `run_outbox` runs.
    asio::awaitable<void> send(protocol::OutgoingFrame frame, Clock::time_point deadline);

    /// Queues a frame. Throws ProtocolError when the peer doesn't read and the queue is full (4096 frames).
    void post(protocol::OutgoingFrame frame);
    [[nodiscard]] bool is_full() const;
    /// Frames that are posted and not yet sent whole.
    [[nodiscard]] std::size_t posted() const { return outbox_.size(); }
    /// Waits until some of what is posted has been sent. Throws asio::system_error once the channel is closed. One may
    /// wait at a time.
    asio::awaitable<void> something_sent();

    /// Sends what is posted, in order, until `close`. Throws Timeout when the peer has taken nothing for `silence`.
    asio::awaitable<void> run_outbox(std::chrono::milliseconds silence);

    /// Lets the outbox end once it is empty.
    void finish();

    /// May be called twice.
    void close();

    [[nodiscard]] const std::string& peer() const { return stream_->peer(); }
    /// The nodes that the peer's certificate names; nothing for a connection without certificates.
    [[nodiscard]] std::optional<protocol::NodeSet> certified_nodes() const { return stream_->certified_nodes(); }
    [[nodiscard]] std::uint64_t bytes_sent() const { return bytes_sent_; }
    [[nodiscard]] std::uint64_t bytes_received() const { return bytes_received_; }

private:
    /// A frame that waits, with its fixed part.
    struct Posted {
        protocol::FrameHeaderBytes fixed;
        protocol::OutgoingFrame frame;

        [[nodiscard]] std::array<asio::const_buffer, 3> parts() const;
    };

    asio::awaitable<protocol::Frame> read_frame();
    asio::awaitable<std::size_t> read_some(std::array<asio::mutable_buffer, 2> buffers);
    asio::awaitable<void> fill(std::span<std::byte> buffer);
    /// Moves what was read ahead into the buffer; how much of it is filled.
    std::size_t take_ahead(std::span<std::byte> buffer);
    asio::awaitable<void> write_some();
    [[nodiscard]] Pieces next_pieces() const;
    void forget_written(std::size_t bytes);
    asio::awaitable<bool> read_to_the_end();
    asio::awaitable<bool> shake_hands();

    std::unique_ptr<Stream> stream_;
    Watchdog reading_;
    Watchdog writing_;
    asio::steady_timer wake_;
    asio::steady_timer sent_;
    protocol::Limits limits_;
    std::shared_ptr<protocol::PayloadPool> payloads_;  // shared by the connections of a process
    std::optional<Clock::duration> silence_;           // after which reading ends, where it isn't a point in time

    // The next frame's beginning, where it arrived in the same system call. Small, because it is copied.
    std::array<std::byte, 256> ahead_;
    std::size_t ahead_begin_ = 0;
    std::size_t ahead_end_ = 0;

    std::deque<Posted> outbox_;  // whose frames stay where they are while they are written
    std::size_t written_ = 0;    // of the first
    bool finishing_ = false;
    bool closed_ = false;
    bool ended_ = false;  // reading has come to the end of the connection
    std::uint64_t bytes_sent_ = 0;
    std::uint64_t bytes_received_ = 0;
};

}  // namespace fedgram::net
