#include "common/net/channel.hpp"

#include <algorithm>
#include <asio/buffer.hpp>
#include <asio/redirect_error.hpp>
#include <span>
#include <vector>

namespace fedgram::net {

namespace {

// More frames than a round ever has in flight for one client; a peer that doesn't read gets no more memory than this.
constexpr std::size_t outbox_limit = 4096;

// Reads and writes of the payload go through in pieces that stay in the cache between the socket and the memory.
constexpr std::size_t chunk_bytes = 64 * 1024;

}  // namespace

Channel::Channel(std::unique_ptr<Stream> stream, const asio::any_io_executor& executor)
    : stream_{std::move(stream)}, wake_{executor, Clock::time_point::max()}
{
}

asio::awaitable<void> Channel::handshake(Clock::time_point deadline) { co_await before(deadline, shake_hands()); }

asio::awaitable<bool> Channel::shake_hands()
{
    co_await stream_->handshake();
    co_return true;
}

asio::awaitable<protocol::Frame> Channel::receive(Clock::time_point deadline) { return before(deadline, read_frame()); }

asio::awaitable<protocol::Frame> Channel::receive(Clock::duration silence)
{
    last_read_ = Clock::now();
    return before([this, silence] { return last_read_ + silence; }, read_frame());
}

asio::awaitable<void> Channel::drain(Clock::time_point deadline)
{
    try {
        co_await before(deadline, read_to_the_end());
    } catch (const std::exception&) {
        // Closed, reset or too slow: there is nothing more to wait for.
    }
}

asio::awaitable<bool> Channel::read_to_the_end()
{
    for (std::vector<std::byte> scratch(chunk_bytes);;) co_await stream_->read(asio::buffer(scratch));
}

asio::awaitable<protocol::Frame> Channel::read_frame()
{
    protocol::FrameHeaderBytes fixed;
    co_await stream_->read(asio::buffer(fixed));
    const auto header = protocol::decode(fixed, limits_);

    protocol::Frame frame;
    frame.type = header.type;
    frame.header.resize(header.header_bytes);
    co_await stream_->read(asio::buffer(frame.header));
    frame.payload.resize(header.payload_bytes / sizeof(float));
    const auto payload = asio::buffer(frame.payload);
    for (std::size_t done = 0; done < payload.size();) {
        const auto chunk = asio::buffer(payload + done, chunk_bytes);
        co_await stream_->read(chunk);
        last_read_ = Clock::now();
        done += chunk.size();
    }
    bytes_received_ += protocol::frame_header_size + header.header_bytes + header.payload_bytes;
    co_return frame;
}

asio::awaitable<void> Channel::send(protocol::OutgoingFrame frame, Clock::time_point deadline)
{
    co_await before(deadline, write_frame(frame));
}

void Channel::post(protocol::OutgoingFrame frame)
{
    if (closed_) return;
    if (outbox_.size() >= outbox_limit) throw ProtocolError{peer() + " does not read what is sent to it"};
    outbox_.push_back(std::move(frame));
    wake_.cancel();
}

asio::awaitable<void> Channel::run_outbox(std::chrono::milliseconds silence)
{
    stream_->end_when_unacknowledged(silence);
    while (!closed_) {
        if (outbox_.empty()) {
            if (finishing_) break;
            wake_.expires_at(Clock::time_point::max());
            asio::error_code woken;
            co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            continue;
        }
        const auto frame = std::move(outbox_.front());
        outbox_.pop_front();
        last_written_ = Clock::now();
        co_await before([this, silence] { return last_written_ + silence; }, write_frame(frame));
    }
}

asio::awaitable<bool> Channel::write_frame(const protocol::OutgoingFrame& frame)
{
    const std::uint64_t payload_bytes = frame.payload ? frame.payload->size() * sizeof(float) : 0;
    const auto fixed = protocol::encode({frame.type, static_cast<std::uint32_t>(frame.header.size()), payload_bytes});
    const std::array<asio::const_buffer, 2> head{asio::buffer(fixed), asio::buffer(frame.header)};
    co_await stream_->write(head);
    bytes_sent_ += fixed.size() + frame.header.size();
    if (frame.payload) {
        const auto payload = asio::buffer(*frame.payload);
        for (std::size_t done = 0; done < payload.size();) {
            const std::array<asio::const_buffer, 2> chunk{asio::buffer(payload + done, chunk_bytes)};
            co_await stream_->write(chunk);
            last_written_ = Clock::now();
            done += chunk.front().size();
        }
        bytes_sent_ += payload_bytes;
    }
    co_return true;
}

void Channel::finish()
{
    finishing_ = true;
    wake_.cancel();
}

void Channel::close()
{
    closed_ = true;
    wake_.cancel();
    stream_->close();
}

}  // namespace fedgram::net
