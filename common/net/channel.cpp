#include "common/net/channel.hpp"

#include <algorithm>
#include <array>
#include <asio/buffer.hpp>
#include <asio/read.hpp>
#include <asio/redirect_error.hpp>
#include <asio/write.hpp>
#include <span>

namespace fedgram::net {

namespace {

// More frames than a round ever has in flight for one client; a peer that doesn't read gets no more memory than this.
constexpr std::size_t outbox_limit = 4096;

// Reads and writes of the payload go through in pieces that stay in the cache between the socket and the memory.
constexpr std::size_t chunk_bytes = 64 * 1024;

}  // namespace

Channel::Channel(asio::ip::tcp::socket socket)
    : socket_{std::move(socket)}, wake_{socket_.get_executor(), Clock::time_point::max()}
{
    asio::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
    const auto endpoint = socket_.remote_endpoint(ignored);
    peer_ = ignored ? "a peer that has gone" : endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
}

asio::awaitable<protocol::Frame> Channel::receive(Clock::time_point deadline)
{
    return before(deadline, read_frame());
}

asio::awaitable<protocol::Frame> Channel::read_frame()
{
    protocol::FrameHeaderBytes fixed;
    co_await asio::async_read(socket_, asio::buffer(fixed), asio::use_awaitable);
    const auto header = protocol::decode(fixed, limits_);

    protocol::Frame frame;
    frame.type = header.type;
    frame.header.resize(header.header_bytes);
    co_await asio::async_read(socket_, asio::buffer(frame.header), asio::use_awaitable);
    frame.payload.resize(header.payload_bytes / sizeof(float));
    const auto payload = asio::buffer(frame.payload);
    for (std::size_t done = 0; done < payload.size();) {
        const auto chunk = asio::buffer(payload + done, chunk_bytes);
        done += co_await asio::async_read(socket_, chunk, asio::use_awaitable);
    }
    bytes_received_ += protocol::frame_header_size + header.header_bytes + header.payload_bytes;
    co_return frame;
}

void Channel::post(protocol::OutgoingFrame frame)
{
    if (closed_)
        return;
    if (outbox_.size() >= outbox_limit)
        throw ProtocolError{peer_ + " does not read what is sent to it"};
    outbox_.push_back(std::move(frame));
    wake_.cancel();
}

asio::awaitable<void> Channel::run_outbox(std::chrono::milliseconds write_timeout)
{
    while (!closed_) {
        if (outbox_.empty()) {
            if (finishing_)
                break;
            wake_.expires_at(Clock::time_point::max());
            asio::error_code woken;
            co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            continue;
        }
        const auto frame = std::move(outbox_.front());
        outbox_.pop_front();
        co_await before(Clock::now() + write_timeout, write_frame(frame));
    }
}

asio::awaitable<bool> Channel::write_frame(const protocol::OutgoingFrame& frame)
{
    const std::uint64_t payload_bytes = frame.payload ? frame.payload->size() * sizeof(float) : 0;
    const auto fixed =
        protocol::encode({frame.type, static_cast<std::uint32_t>(frame.header.size()), payload_bytes});
    const std::array<asio::const_buffer, 2> head{asio::buffer(fixed), asio::buffer(frame.header)};
    bytes_sent_ += co_await asio::async_write(socket_, head, asio::use_awaitable);
    if (frame.payload) {
        const auto payload = asio::buffer(*frame.payload);
        for (std::size_t done = 0; done < payload.size();) {
            const auto chunk = asio::buffer(payload + done, chunk_bytes);
            done += co_await asio::async_write(socket_, chunk, asio::use_awaitable);
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
    asio::error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

}  // namespace fedgram::net
