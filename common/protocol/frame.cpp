#include "common/protocol/frame.hpp"

#include <bit>
#include <cstring>

#include "common/error/error.hpp"

namespace fedgram::protocol {

static_assert(std::endian::native == std::endian::little, "the wire is little-endian, and tensors go out as they lie");

namespace {

constexpr std::uint32_t magic = 0x4d474446;  // "FDGM"

template <class T>
void put(FrameHeaderBytes& bytes, std::size_t at, T value)
{
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

template <class T>
T get(std::span<const std::byte, frame_header_size> bytes, std::size_t at)
{
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

bool carries_parameters(MessageType type)
{
    return type == MessageType::round_model || type == MessageType::client_update || type == MessageType::partial_sum;
}

/// Whether a payload may have this size where the usual one is another.
bool is_exception(const FrameHeader& header, std::uint64_t model_bytes)
{
    return (header.type == MessageType::train_node && header.payload_bytes == model_bytes) ||
           (header.type == MessageType::partial_sum && header.payload_bytes == 4 * model_bytes);
}

}  // namespace

FrameHeaderBytes encode(const FrameHeader& header)
{
    FrameHeaderBytes bytes{};
    put(bytes, 0, magic);
    put(bytes, 4, version);
    put(bytes, 6, static_cast<std::uint16_t>(header.type));
    put(bytes, 8, header.header_bytes);
    put(bytes, 12, header.payload_bytes);
    return bytes;
}

FrameHeader decode(std::span<const std::byte, frame_header_size> bytes, const Limits& limits)
{
    if (get<std::uint32_t>(bytes, 0) != magic) throw ProtocolError{"the peer does not speak Fedgram's protocol"};
    if (const auto theirs = get<std::uint16_t>(bytes, 4); theirs != version)
        throw ProtocolError{"the peer speaks version " + std::to_string(theirs) + " of the protocol, this is version " +
                            std::to_string(version)};
    const auto type = get<std::uint16_t>(bytes, 6);
    if (type < static_cast<std::uint16_t>(MessageType::hello) ||
        type > static_cast<std::uint16_t>(MessageType::server_metrics))
        throw ProtocolError{"unknown message type " + std::to_string(type)};
    const FrameHeader header{static_cast<MessageType>(type), get<std::uint32_t>(bytes, 8),
                             get<std::uint64_t>(bytes, 12)};
    if (header.header_bytes > limits.header_bytes)
        throw ProtocolError{"a message header of " + std::to_string(header.header_bytes) +
                            " bytes is over the limit of " + std::to_string(limits.header_bytes)};
    if (header.type == MessageType::encoded_update || header.type == MessageType::encoded_model) {
        const std::string what = header.type == MessageType::encoded_model ? "model" : "update";
        if (limits.encoded_bytes == 0) throw PayloadSizeError{"an encoded " + what + ", and no training has any"};
        if (header.payload_bytes > limits.encoded_bytes)
            throw PayloadSizeError{"an encoded " + what + " of " + std::to_string(header.payload_bytes) +
                                   " bytes where none is longer than " + std::to_string(limits.encoded_bytes)};
        return header;
    }
    if (header.type == MessageType::inference_request || header.type == MessageType::inference_answer) {
        if (limits.inference_bytes == 0) throw ProtocolError{"an inference, and nothing is served here"};
        if (header.payload_bytes > limits.inference_bytes)
            throw PayloadSizeError{"an inference of " + std::to_string(header.payload_bytes) +
                                   " bytes where none is longer than " + std::to_string(limits.inference_bytes)};
        return header;
    }
    if (header.type == MessageType::partial_sum && !limits.partial_sums)
        throw ProtocolError{"a sum of updates from a peer that is not trusted with them"};
    const std::uint64_t parameters = carries_parameters(header.type) ? limits.payload_bytes : 0;
    const std::uint64_t expected = header.type == MessageType::partial_sum ? 3 * parameters : parameters;
    if (header.payload_bytes != expected && !is_exception(header, limits.payload_bytes)) {
        const auto text = "a payload of " + std::to_string(header.payload_bytes) + " bytes where " +
                          std::to_string(expected) + " were expected";
        if (carries_parameters(header.type)) throw PayloadSizeError{text};
        throw ProtocolError{text};
    }
    return header;
}

}  // namespace fedgram::protocol
