#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "common/http/status.hpp"

namespace fedgram::http {

/// A request of HTTP/1.1, as far as a server needs it that shows things and takes none.
struct Request {
    std::string path;        ///< "/events", without a query
    std::string host;        ///< whom the peer means to ask, without the port: "localhost"
    bool head_only = false;  ///< HEAD: the answer has no body
};

/// Where the empty line of a head ends it.
inline constexpr std::string_view end_of_head = "\r\n\r\n";
inline constexpr std::size_t most_head_bytes = 8192;

/// Parses a head: the request line and the fields, the empty line behind them included (RFC 9112). What isn't well
/// formed, isn't GET or HEAD, names no host, or announces a body, gets a status to answer with.
[[nodiscard]] std::variant<Request, Status> parse_request(std::string_view head);

}  // namespace fedgram::http
