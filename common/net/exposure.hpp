#pragma once

#include <asio/ip/tcp.hpp>
#include <optional>
#include <string>

namespace fedgram::net {

enum class Encryption { none, tls };
enum class Invitation { none, secret };
/// Whether the user said in words that he wants to listen without TLS.
enum class Insecurity { refused, wanted };

/// What the user should know of who can join or read a run that listens there; nothing where only invited clients can.
/// Throws SpecError for an address beyond this machine without TLS, unless that is wanted.
[[nodiscard]] std::optional<std::string> exposure_notice(const asio::ip::tcp::endpoint& listen, Encryption encryption,
                                                         Invitation invitation, Insecurity insecurity);

}  // namespace fedgram::net
