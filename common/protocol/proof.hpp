#pragma once

#include <optional>
#include <string>

#include "common/error/error.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/secret.hpp"

namespace fedgram::protocol {

/// Thrown for a message whose sender did not prove that it knows the run's secret.
struct HandshakeError : ProtocolError {
    using ProtocolError::ProtocolError;
};

/// In bytes; a proof has the same size.
inline constexpr std::size_t nonce_size = 32;

/// Random bytes, new each time. Throws SystemError when the system can't give them.
[[nodiscard]] std::string fresh_nonce();

/// HMAC-SHA256 (RFC 2104) by the secret over the message's type, the receiving peer's nonce, and the message. The type
/// keeps one side's proof from being sent back as the other's. The nonce, which has a fixed length, keeps a proof from
/// being used twice.
[[nodiscard]] std::string proof(const Secret& secret, MessageType type, const std::string& peer_nonce,
                                const std::string& message);

/// A frame whose message carries its sender's proof, which is empty without a secret.
[[nodiscard]] OutgoingFrame handshake_frame(MessageType type, const google::protobuf::MessageLite& message,
                                            const std::optional<Secret>& secret, const std::string& peer_nonce);

/// The bytes of the message in `frame`. Where there is a secret, throws HandshakeError unless the sender proves that it
/// knows the secret, for this message and `own_nonce`. Nothing of the message is parsed before.
[[nodiscard]] std::string verified_bytes(const Frame& frame, const std::optional<Secret>& secret,
                                         const std::string& own_nonce);

/// The message itself.
template <class Message>
[[nodiscard]] Message parse_handshake(const Frame& frame, const std::optional<Secret>& secret,
                                      const std::string& own_nonce)
{
    Frame inner;
    inner.header = verified_bytes(frame, secret, own_nonce);
    return parse<Message>(inner);
}

}  // namespace fedgram::protocol
