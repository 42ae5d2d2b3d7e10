#pragma once

#include <algorithm>
#include <asio/any_io_executor.hpp>
#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "common/net/stream.hpp"

namespace fedgram::test {

/// The far end of a MemoryStream, played by the test: what it says arrives, what it takes was sent, and it may hang up.
/// Nothing happens at an end by itself, so there is nothing to wait for.
class MemoryPeer {
public:
    explicit MemoryPeer(const asio::any_io_executor& executor)
        : news_{executor, asio::steady_timer::time_point::max()}, room_{executor, asio::steady_timer::time_point::max()}
    {
    }

    /// These bytes arrive.
    void say(const std::string& bytes)
    {
        arriving_ += bytes;
        news_.cancel();
    }
    /// The connection ends behind what was said.
    void hang_up()
    {
        hung_up_ = true;
        news_.cancel();
        room_.cancel();
    }
    /// The far end takes so many more bytes of what is sent; nothing until it is told to.
    void make_room(std::size_t bytes)
    {
        room_left_ += bytes;
        room_.cancel();
    }
    /// What has been sent so far.
    [[nodiscard]] const std::string& heard() const { return heard_; }
    [[nodiscard]] bool closed() const { return closed_; }

private:
    friend class MemoryStream;

    std::string arriving_;
    std::string heard_;
    std::size_t room_left_ = 0;
    bool hung_up_ = false;
    bool closed_ = false;
    asio::steady_timer news_;  // never rings: it is cancelled when something has changed
    asio::steady_timer room_;
};

/// A connection without a socket.
class MemoryStream final : public net::Stream {
public:
    explicit MemoryStream(std::shared_ptr<MemoryPeer> peer) : peer_{std::move(peer)} {}

    asio::awaitable<void> handshake() override { co_return; }

    asio::awaitable<std::size_t> read_some(std::array<asio::mutable_buffer, 2> buffers) override
    {
        while (peer_->arriving_.empty()) {
            if (peer_->hung_up_ || peer_->closed_) fail(asio::error::eof);
            co_await change(peer_->news_);
            if (std::exchange(cancelled_, false)) fail(asio::error::operation_aborted);
        }
        const auto size = asio::buffer_copy(buffers, asio::buffer(peer_->arriving_));
        peer_->arriving_.erase(0, size);
        co_return size;
    }

    asio::awaitable<std::size_t> write_some(net::Pieces pieces) override
    {
        while (peer_->room_left_ == 0) {
            if (peer_->hung_up_ || peer_->closed_) fail(asio::error::broken_pipe);
            co_await change(peer_->room_);
            if (std::exchange(cancelled_, false)) fail(asio::error::operation_aborted);
        }
        std::string taken(std::min(peer_->room_left_, asio::buffer_size(pieces)), '\0');
        asio::buffer_copy(asio::buffer(taken), pieces);
        peer_->heard_ += taken;
        peer_->room_left_ -= taken.size();
        co_return taken.size();
    }

    void cancel() override
    {
        cancelled_ = true;
        wake();
    }
    void end_when_unacknowledged(std::chrono::milliseconds) override {}
    void close() override
    {
        peer_->closed_ = true;
        wake();
    }
    [[nodiscard]] const std::string& peer() const override { return name_; }

private:
    static asio::awaitable<void> change(asio::steady_timer& timer)
    {
        asio::error_code woken;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    template <class Error>
    [[noreturn]] static void fail(Error error)
    {
        throw std::system_error{make_error_code(error)};
    }
    void wake()
    {
        peer_->news_.cancel();
        peer_->room_.cancel();
    }

    std::shared_ptr<MemoryPeer> peer_;
    std::string name_ = "a peer in memory";
    bool cancelled_ = false;
};

}  // namespace fedgram::test
