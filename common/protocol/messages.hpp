#pragma once

#include "common/error/error.hpp"
#include "common/protocol/frame.hpp"
#include "messages.pb.h"

namespace fedgram::protocol {

/// Throws ProtocolError when the header doesn't parse as `Message`.
template <class Message>
[[nodiscard]] Message parse(const Frame& frame)
{
    Message message;
    if (!message.ParseFromString(frame.header))
        throw ProtocolError{"a malformed " + message.GetTypeName() + " message"};
    return message;
}

template <class Message>
[[nodiscard]] OutgoingFrame frame(MessageType type, const Message& message,
                                  std::shared_ptr<const std::vector<float>> payload = nullptr)
{
    return {type, message.SerializeAsString(), std::move(payload)};
}

}  // namespace fedgram::protocol
