#include "common/net/channel.hpp"

#include <algorithm>
#include <asio/buffer.hpp>
#include <asio/redirect_error.hpp>
#include <utility>

namespace fedgram::net {

namespace {

// More frames than a round ever has in flight for one client; a peer that doesn't read gets no more memory than this.
constexpr std::size_t outbox_limit = 4096;

// Reads and writes of the payload go through in pieces that stay in the cache between the socket and the memory; not
// smaller, for a system call costs a microsecond or two. By tests/bench/wire_cost.cpp: a model of 2.3 MB takes 0.73 ms
// of both ends' CPU time in pieces of 256 KiB, 1.08 ms in pieces of 64 KiB and 0.99 ms in pieces of 1 MiB.
constexpr std::size_t chunk_bytes = 256 * 1024;

}  // namespace

Channel::Channel(std::unique_ptr<Stream> stream, const asio::any_io_executor& executor)
    : stream_{std::move(stream)},
      reading_{executor, [this] { stream_->cancel(); }},
      writing_{executor, [this] { stream_->cancel(); }},
      wake_{executor, Clock::time_point::max()},
      sent_{executor, Clock::time_point::max()}
{
}

asio::awaitable<void> Channel::handshake(Clock::time_point deadline) { co_await before(deadline, shake_hands()); }

asio::awaitable<bool> Channel::shake_hands()
{
    co_await stream_->handshake();
    co_return true;
}

void Channel::set_limits(const protocol::Limits& limits, std::shared_ptr<protocol::PayloadPool> payloads)
{
    limits_ = limits;
    payloads_ = std::move(payloads);
}

asio::awaitable<protocol::Frame> Channel::receive(Clock::time_point deadline)
{
    silence_.reset();
    reading_.guard(deadline);
    return read_frame();
}

asio::awaitable<protocol::Frame> Channel::receive(Clock::duration silence)
{
    silence_ = silence;
    reading_.guard(Clock::now() + silence);
    return read_frame();
}

asio::awaitable<void> Channel::drain(Clock::time_point deadline)
{
    // Asio waits for news of a socket that has said its last, and there is none: such a read ended at the deadline
    // alone.
    if (ended_) co_return;
    try {
        co_await before(deadline, read_to_the_end());
    } catch (const std::exception&) {
        // Closed, reset or too slow: there is nothing more to wait for.
    }
}

asio::awaitable<bool> Channel::read_to_the_end()
{
    // One for all connections that end, of which there may be thousands: nobody looks at what is in it.
    thread_local std::array<std::byte, 16 * 1024> nowhere;
    for (;;) co_await stream_->read_some({asio::buffer(nowhere), asio::mutable_buffer{}});
}

asio::awaitable<protocol::Frame> Channel::read_frame()
{
    const Watchdog::Guarded guarded{reading_};
    protocol::FrameHeaderBytes fixed;
    co_await fill(fixed);
    const auto header = protocol::decode(fixed, limits_);

    protocol::Frame frame;
    frame.type = header.type;
    frame.header.resize(header.header_bytes);
    co_await fill(std::as_writable_bytes(std::span{frame.header}));
    frame.payload_bytes = header.payload_bytes;
    if (const auto count = protocol::floats_for(header.payload_bytes); count > 0) {
        frame.payload = payloads_ ? payloads_->take(count) : std::vector<float>(count);
        co_await fill(std::as_writable_bytes(std::span{frame.payload}).first(header.payload_bytes));
    }
    bytes_received_ += protocol::frame_header_size + header.header_bytes + header.payload_bytes;
    co_return frame;
}

asio::awaitable<void> Channel::fill(std::span<std::byte> buffer)
{
    for (auto done = take_ahead(buffer); done < buffer.size();) {
        const auto rest = asio::buffer(buffer.data() + done, buffer.size() - done);
        const auto chunk = asio::buffer(rest, chunk_bytes);
        const auto behind = chunk.size() == rest.size() ? asio::buffer(ahead_) : asio::mutable_buffer{};
        const auto read = co_await read_some({chunk, behind});
        done += std::min(read, chunk.size());
        ahead_begin_ = 0;
        ahead_end_ = read - std::min(read, chunk.size());
    }
}

std::size_t Channel::take_ahead(std::span<std::byte> buffer)
{
    const auto count = std::min(buffer.size(), ahead_end_ - ahead_begin_);
    std::copy_n(ahead_.begin() + static_cast<std::ptrdiff_t>(ahead_begin_), count, buffer.begin());
    ahead_begin_ += count;
    return count;
}

asio::awaitable<std::size_t> Channel::read_some(std::array<asio::mutable_buffer, 2> buffers)
{
    if (reading_.has_bitten()) throw Timeout{};
    try {
        const auto read = co_await stream_->read_some(buffers);
        if (silence_) reading_.guard(Clock::now() + *silence_);
        co_return read;
    } catch (const std::system_error&) {
        ended_ = true;
        if (reading_.has_bitten()) throw Timeout{};
        throw;
    }
}

asio::awaitable<void> Channel::send(protocol::OutgoingFrame frame, Clock::time_point deadline)
{
    const Watchdog::Guarded guarded{writing_};
    writing_.guard(deadline);
    post(std::move(frame));
    while (!outbox_.empty()) co_await write_some();
}

bool Channel::is_full() const { return outbox_.size() >= outbox_limit; }

asio::awaitable<void> Channel::something_sent()
{
    asio::error_code woken;
    sent_.expires_at(Clock::time_point::max());
    if (!closed_) co_await sent_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (closed_) throw asio::system_error{asio::error::operation_aborted};
}

void Channel::post(protocol::OutgoingFrame frame)
{
    if (closed_) return;
    if (is_full()) throw ProtocolError{peer() + " does not read what is sent to it"};
    const auto fixed =
        protocol::encode({frame.type, static_cast<std::uint32_t>(frame.header.size()), frame.payload_bytes});
    outbox_.push_back({fixed, std::move(frame)});
    wake_.cancel();
}

asio::awaitable<void> Channel::run_outbox(std::chrono::milliseconds silence)
{
    const Watchdog::Guarded guarded{writing_};
    stream_->end_when_unacknowledged(silence);
    while (!closed_) {
        if (outbox_.empty()) {
            if (finishing_) break;
            writing_.rest();
            wake_.expires_at(Clock::time_point::max());
            asio::error_code woken;
            co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            continue;
        }
        writing_.guard(Clock::now() + silence);
        co_await write_some();
    }
}

asio::awaitable<void> Channel::write_some()
{
    if (writing_.has_bitten()) throw Timeout{};
    try {
        forget_written(co_await stream_->write_some(next_pieces()));
    } catch (const std::system_error&) {
        if (writing_.has_bitten()) throw Timeout{};
        throw;
    }
}

std::array<asio::const_buffer, 3> Channel::Posted::parts() const
{
    return {asio::buffer(fixed), asio::buffer(frame.header),
            frame.payload ? asio::buffer(*frame.payload, frame.payload_bytes) : asio::const_buffer{}};
}

Pieces Channel::next_pieces() const
{
    Pieces pieces;
    std::size_t count = 0;
    std::size_t room = chunk_bytes;
    std::size_t skipped = written_;
    for (const auto& posted : outbox_)
        for (const auto& part : posted.parts()) {
            const auto piece = asio::buffer(part + skipped, room);
            skipped -= std::min(skipped, part.size());
            if (piece.size() == 0) continue;
            pieces[count++] = piece;
            room -= piece.size();
            if (room == 0 || count == pieces.size()) return pieces;
        }
    return pieces;
}

void Channel::forget_written(std::size_t bytes)
{
    bytes_sent_ += bytes;
    for (written_ += bytes; !outbox_.empty(); outbox_.pop_front()) {
        const auto size = asio::buffer_size(outbox_.front().parts());
        if (written_ < size) break;
        written_ -= size;
    }
    sent_.cancel();
}

void Channel::finish()
{
    finishing_ = true;
    wake_.cancel();
}

void Channel::close()
{
    closed_ = true;
    reading_.dismiss();
    writing_.dismiss();
    wake_.cancel();
    sent_.cancel();
    stream_->close();
}

}  // namespace fedgram::net
