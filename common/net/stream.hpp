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

    /// What comes before the first byte: nothing over TCP, the TLS handshake over TLS. Throws CertificateRefused with
    /// the reason, and ProtocolError for a peer that doesn't speak TLS.
    virtual asio::awaitable<void> handshake() = 0;

    /// Reads what has arrived, at least a byte, into one buffer after the other, and gives its size. Throws
    /// asio::system_error when the connection has ended, and ProtocolError when the peer gives the reason through TLS
    /// (it can't refuse our certificate earlier than in the first read).
    virtual asio::awaitable<std::size_t> read_some(std::array<asio::mutable_buffer, 2> buffers) = 0;

    /// Writes as much as is taken now, at least a byte, from one piece after the other, and gives its size.
    virtual asio::awaitable<std::size_t> write_some(Pieces pieces) = 0;

    /// Ends the read and the write that are under way.
    virtual void cancel() = 0;

    /// The connection ends by itself when sent bytes have not been acknowledged for `limit`. A cut cable gives no sign,
    /// and the kernel by itself would try for a quarter of an hour.
    virtual void end_when_unacknowledged(std::chrono::milliseconds limit) = 0;

    /// At once, and without a farewell: the last message says that it is the last. May be called twice.
    virtual void close() = 0;

    /// The nodes that the peer's certificate names; nothing for a connection without certificates.
    [[nodiscard]] virtual std::optional<protocol::NodeSet> certified_nodes() const { return std::nullopt; }

    /// HOST:PORT.
    [[nodiscard]] virtual const std::string& peer() const = 0;
};

/// For a socket that stays on this machine: replaces BBR, the default of some systems, by CUBIC. BBR paces what has no
/// line to share and takes half as much CPU time again (tests/bench/wire_cost.cpp). Does nothing without CUBIC.
void spare_pacing(int socket);

[[nodiscard]] std::unique_ptr<Stream> plain_stream(asio::ip::tcp::socket socket);

}  // namespace fedgram::net
