#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <string>

namespace fedgram::http {

/// Whether a browser, or Prometheus, that asks for this host means this machine. A name of somebody else's that leads
/// here is a trick to have a reader's browser ask for it (DNS rebinding).
[[nodiscard]] bool is_own_host(const std::string& host);

/// HOST:PORT that an option gives to listen on for programs of this machine. Throws SpecError that names the option,
/// for what is no address, and one that other machines can reach.
[[nodiscard]] asio::ip::tcp::endpoint local_endpoint(asio::io_context& context, const std::string& address,
                                                     const std::string& option);

}  // namespace fedgram::http
