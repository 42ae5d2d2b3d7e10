#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <string>

namespace fedgram::net {

/// "127.0.0.1:7000", "[::1]:7000" or "host.example:7000"; port 0 lets the system choose when listening. Looks
/// names up at once, on this thread. Throws SpecError for text of another form, SystemError for an unknown host.
[[nodiscard]] asio::ip::tcp::endpoint parse_address(asio::io_context& context, const std::string& address);

/// The part before the port, without an IPv6 address's brackets.
[[nodiscard]] std::string host_of(const std::string& address);

[[nodiscard]] std::string to_string(const asio::ip::tcp::endpoint& endpoint);

/// A listening socket. Throws SystemError that names the address, and the `option` that gave it, when it is in use or
/// not this machine's.
[[nodiscard]] asio::ip::tcp::acceptor listen(asio::io_context& context, const asio::ip::tcp::endpoint& endpoint,
                                             const std::string& option);

}  // namespace fedgram::net
