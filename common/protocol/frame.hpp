#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "common/error/error.hpp"

namespace fedgram::protocol {

inline constexpr std::uint16_t version = 3;

enum class MessageType : std::uint16_t {
    hello = 1,
    welcome = 2,
    ready = 3,
    round_model = 4,
    train_node = 5,
    client_update = 6,
    node_failed = 7,
    heartbeat = 8,
    goodbye = 9,
    challenge = 10,
    nodes_held = 11,
    partial_sum = 12,
    encoded_update = 13,
    encoded_model = 14,
    server_hello = 15,
    inference_request = 16,
    inference_answer = 17,
    inference_refusal = 18,
    server_metrics_request = 19,
    server_metrics = 20,
};

/// The most that a peer may send. Checked before a byte is allocated.
struct Limits {
    std::uint32_t header_bytes = 64 * 1024;
    /// Exactly this on the frames that carry parameters, this or 0 on a `train_node`, 3 or 4 times this on a
    /// `partial_sum`, 0 on all others.
    std::uint64_t payload_bytes = 0;
    std::uint64_t encoded_bytes = 0;  ///< at most this on an `encoded_update` or `encoded_model`; 0: there may be none
    bool partial_sums = false;        ///< whether the peer may send a `partial_sum`
    std::uint64_t inference_bytes =
        0;  ///< at most this on an `inference_request` or `inference_answer`; 0: none may come
};

/// A payload of another size than the model's.
struct PayloadSizeError : ProtocolError {
    using ProtocolError::ProtocolError;
};

/// The limits of an unauthenticated peer. A hello of more than a thousand ranges of nodes fits.
inline constexpr Limits limits_before_trust{16 * 1024, 0, 0};

/// The fixed part of a frame; README.md gives it byte by byte.
struct FrameHeader {
    MessageType type{};
    std::uint32_t header_bytes = 0;
    std::uint64_t payload_bytes = 0;
};

inline constexpr std::size_t frame_header_size = 20;
using FrameHeaderBytes = std::array<std::byte, frame_header_size>;

[[nodiscard]] FrameHeaderBytes encode(const FrameHeader& header);

/// Throws ProtocolError for a wrong magic, version or type, for a header beyond `limits`, and for a payload on a
/// message without parameters; PayloadSizeError for a payload of the wrong size on a message with parameters.
[[nodiscard]] FrameHeader decode(std::span<const std::byte, frame_header_size> bytes, const Limits& limits);

/// How many float32 hold so many bytes.
[[nodiscard]] constexpr std::uint64_t floats_for(std::uint64_t bytes)
{
    return (bytes + sizeof(float) - 1) / sizeof(float);
}

/// A frame that has arrived: the Protocol Buffers header still in bytes, and the tensor payload.
struct Frame {
    MessageType type{};
    std::string header;
    std::vector<float> payload;
    std::uint64_t payload_bytes = 0;  ///< of what may have any length; the payload may have some more at its end

    [[nodiscard]] std::span<const std::byte> encoded() const
    {
        return std::as_bytes(std::span{payload}).first(payload_bytes);
    }
};

/// A frame to send. The payload is shared, so that one serialisation of the global model serves every client.
struct OutgoingFrame {
    MessageType type{};
    std::string header;
    std::shared_ptr<const std::vector<float>> payload;  ///< may be null: none
    std::uint64_t payload_bytes = 0;                    ///< of it, that are sent
};

}  // namespace fedgram::protocol
