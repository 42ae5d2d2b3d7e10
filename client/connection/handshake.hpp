#pragma once

#include <asio/awaitable.hpp>
#include <optional>

#include "common/net/channel.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/node_set.hpp"
#include "common/protocol/secret.hpp"

namespace fedgram::client {

/// The handshake on a new connection: receives the coordinator's challenge, sends hello with the proof for it, and
/// gives back the welcome once the coordinator has proved itself. Throws ProtocolError when one side refuses the other,
/// and SpecError for nodes in too many ranges. Throws asio::system_error when the connection ends without a word: a
/// coordinator with too many unauthenticated peers cuts off the oldest, and can't know that it was a client of its own.
/// `channel` must have no outbox running, and outlives this.
asio::awaitable<wire::Welcome> shake_hands(net::Channel& channel, protocol::NodeSet nodes,
                                           std::optional<protocol::Secret> secret);

}  // namespace fedgram::client
