#pragma once

#include <netinet/tcp.h>

#include <asio/use_awaitable.hpp>

#include "common/net/address.hpp"
#include "common/net/stream.hpp"

namespace fedgram::net {

/// What a stream is over TCP and over TLS alike: `Layer` is a TCP socket, or the TLS layer around one.
template <class Layer>
class SocketStream : public Stream {
public:
    template <class... Context>
    explicit SocketStream(asio::ip::tcp::socket socket, Context&... context) : layer_{std::move(socket), context...}
    {
        asio::error_code ignored;
        layer_.lowest_layer().set_option(asio::ip::tcp::no_delay{true}, ignored);
        const auto endpoint = layer_.lowest_layer().remote_endpoint(ignored);
        peer_ = ignored ? "a peer that has gone" : to_string(endpoint);
        if (!ignored && endpoint.address().is_loopback()) spare_pacing(layer_.lowest_layer().native_handle());
    }

    asio::awaitable<void> handshake() override { co_return; }

    asio::awaitable<std::size_t> read_some(std::array<asio::mutable_buffer, 2> buffers) override
    {
        return layer_.async_read_some(buffers, asio::use_awaitable);
    }

    asio::awaitable<std::size_t> write_some(Pieces pieces) override
    {
        return layer_.async_write_some(pieces, asio::use_awaitable);
    }

    void cancel() override
    {
        asio::error_code ignored;
        layer_.lowest_layer().cancel(ignored);
    }

    void end_when_unacknowledged(std::chrono::milliseconds limit) override
    {
        asio::error_code ignored;
        layer_.lowest_layer().set_option(
            asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>{static_cast<int>(limit.count())},
            ignored);
    }

    void close() override
    {
        asio::error_code ignored;
        layer_.lowest_layer().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
        layer_.lowest_layer().close(ignored);
    }

    [[nodiscard]] const std::string& peer() const override { return peer_; }

protected:
    Layer layer_;

private:
    std::string peer_;
};

}  // namespace fedgram::net
