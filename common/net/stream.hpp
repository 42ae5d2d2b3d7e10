#pragma once

#include <array>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "common/error/error.hpp"
#include "common/protocol/node_set.hpp"

namespace fedgram::net {

/// The peer's certificate, or the lack of one, is why the connection ends.
struct CertificateRefused : ProtocolError {
    using ProtocolError::ProtocolError;
};

/// What goes out in one go; the last may be empty.
using Pieces = std::array<asio::const_buffer, 16>;

/// The bytes of one connection, over TCP or TLS. Used on the thread of its io_context alone; one read and one write
/// may be under way at once.
class Stream {
public:
    virtual ~Stream() = default;

    /// What comes before the first byte: nothing over TCP. Over TLS throws CertificateRefused that says why, and
    /// ProtocolError for a peer that doesn't speak TLS.
    virtual asio::awaitable<void> handshake() = 0;

    /// Reads what is there, at least a byte, into one buffer after the other; how much it was. Throws
    /// asio::system_error when the connection has ended, and ProtocolError when the peer says through TLS why (that it
    /// refuses our certificate, it can't say earlier).
    virtual asio::awaitable<std::size_t> read_some(std::array<asio::mutable_buffer, 2> buffers) = 0;

    /// Writes what can be taken now, at least a byte, from one piece after the other; how much it was.
    virtual asio::awaitable<std::size_t> write_some(Pieces pieces) = 0;

    /// Ends the read and the write that are under way.
    virtual void cancel() = 0;

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

/// For a socket that stays on this machine: BBR, the system's default in places, paces what has no line to share, which
/// takes half as much CPU time again (tests/bench/wire_cost.cpp). Without CUBIC here, all stays as it is.
void spare_pacing(int socket);

[[nodiscard]] std::unique_ptr<Stream> plain_stream(asio::ip::tcp::socket socket);

}  // namespace fedgram::net
