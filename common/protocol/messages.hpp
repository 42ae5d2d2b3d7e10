#pragma once

#include "common/error/error.hpp"
#include "common/protocol/frame.hpp"
#include "messages.pb.h"

namespace fedgram::protocol {

/// Checks the values of a message that parses. Throws ProtocolError.
template <class Message>
void check(const Message&)
{
}

/// A client waits this long between two heartbeats. Without a wait it would do nothing else.
inline void check(const wire::Welcome& welcome)
{
    if (welcome.heartbeat_ms() == 0)
        throw ProtocolError{"a malformed welcome: heartbeat_ms: 0 is not valid; use at least 1"};
}

/// Throws ProtocolError when the header doesn't parse as `Message`, or has invalid values.
template <class Message>
[[nodiscard]] Message parse(const Frame& frame)
{
    Message message;
    if (!message.ParseFromString(frame.header))
        throw ProtocolError{"a malformed " + message.GetTypeName() + " message"};
    check(message);
    return message;
}

template <class Message>
[[nodiscard]] OutgoingFrame frame(MessageType type, const Message& message,
                                  std::shared_ptr<const std::vector<float>> payload = nullptr)
{
    const std::uint64_t bytes = payload ? payload->size() * sizeof(float) : 0;
    return {type, message.SerializeAsString(), std::move(payload), bytes};
}

/// With a payload of bytes, which the floats hold.
template <class Message>
[[nodiscard]] OutgoingFrame encoded_frame(MessageType type, const Message& message,
                                          std::shared_ptr<const std::vector<float>> payload, std::uint64_t bytes)
{
    return {type, message.SerializeAsString(), std::move(payload), bytes};
}

}  // namespace fedgram::protocol
