#pragma once

#include <asio/awaitable.hpp>
#include <optional>

#include "common/net/channel.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/node_set.hpp"
#include "common/protocol/secret.hpp"

namespace fedgram::client {

/// The first words on a new connection: hears the coordinator's challenge, says hello with the proof for it, and gives
/// back the welcome once the coordinator has proved itself. Throws ProtocolError when one of both refuses the other,
/// asio::system_error when the connection ends without a word (a coordinator that is crowded by strangers cuts off the
/// oldest of them, and can't know that it was one of its own), SpecError for nodes in too many ranges. `channel` must
/// have no outbox running, and outlives this.
asio::awaitable<wire::Welcome> shake_hands(net::Channel& channel, protocol::NodeSet nodes,
                                           std::optional<protocol::Secret> secret);

}  // namespace fedgram::client
