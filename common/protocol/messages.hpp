#pragma once

#include "common/error/error.hpp"
#include "common/protocol/frame.hpp"
#include "messages.pb.h"

namespace fedgram::protocol {

/// What a message that parses may still not say. Throws ProtocolError.
template <class Message>
void check(const Message&)
{
}

/// A client waits so long between two heartbeats: without a wait it would do nothing else.
inline void check(const wire::Welcome& welcome)
{
    if (welcome.heartbeat_ms() == 0)
        throw ProtocolError{"a malformed welcome: heartbeat_ms: 0 is not valid; use at least 1"};
}

/// Throws ProtocolError when the header doesn't parse as `Message`, or says what is not valid.
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
    return {type, message.SerializeAsString(), std::move(payload)};
}

}  // namespace fedgram::protocol
