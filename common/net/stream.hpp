#pragma once

#include <array>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "common/error/error.hpp"
#include "common/protocol/node_set.hpp"

namespace fedgram::net {

/// The peer's certificate, or the lack of one, is why the connection ends.
struct CertificateRefused : ProtocolError {
    using ProtocolError::ProtocolError;
};

/// The bytes of one connection, over TCP or TLS. Used on the thread of its io_context alone; one read and one write
/// may be under way at once.
class Stream {
public:
    virtual ~Stream() = default;

    /// What comes before the first byte: nothing over TCP. Over TLS throws CertificateRefused that says why, and
    /// ProtocolError for a peer that doesn't speak TLS.
    virtual asio::awaitable<void> handshake() = 0;

    /// Fills the buffer. Throws asio::system_error when the connection ends before, and ProtocolError when the peer
    /// says through TLS why (that it refuses our certificate, it can't say earlier).
    virtual asio::awaitable<void> read(asio::mutable_buffer buffer) = 0;

    virtual asio::awaitable<void> write(std::array<asio::const_buffer, 2> buffers) = 0;

    /// The connection ends by itself once what was sent has not been acknowledged for so long: a cable that was cut
    /// says nothing, and the kernel alone would try for a quarter of an hour.
    virtual void end_when_unacknowledged(std::chrono::milliseconds limit) = 0;

    /// At once, and without a farewell: the last message says that it is the last. May be called twice.
    virtual void close() = 0;

    /// The nodes that the peer's certificate lets it speak for; nothing where there is no certificate to ask for.
    [[nodiscard]] virtual std::optional<protocol::NodeSet> certified_nodes() const { return std::nullopt; }

    /// HOST:PORT.
    [[nodiscard]] virtual const std::string& peer() const = 0;
};

[[nodiscard]] std::unique_ptr<Stream> plain_stream(asio::ip::tcp::socket socket);

}  // namespace fedgram::net
