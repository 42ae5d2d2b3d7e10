#pragma once

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/http/request.hpp"
#include "common/http/status.hpp"

namespace fedgram::http {

/// The next piece of an answer that goes on, once there is one; nothing at its end.
using MoreText = std::function<asio::awaitable<std::optional<std::string>>()>;

struct Answer {
    Status status = Status::ok;
    std::string type = "text/plain; charset=utf-8";
    std::string body{};
    MoreText more{};  ///< comes behind the body, in an answer that goes on
};

/// Answers GET requests, one for each connection, on the thread of its io_context. It limits what a peer costs before
/// it trusts it: `most_strangers` connections whose head isn't whole yet, each for `head_deadline`, and
/// `most_answers` that are being answered; whoever comes beyond them is cut off. A peer that takes nothing for
/// `write_deadline` is cut off too.
class Server {
public:
    static constexpr std::size_t most_strangers = 64;
    static constexpr std::size_t most_answers = 64;

    /// Called for each request that is well formed.
    using Handler = std::function<Answer(const Request& request)>;

    /// Must outlive the run of its io_context.
    Server(asio::ip::tcp::acceptor acceptor, Handler handler);

    void start();

    [[nodiscard]] asio::ip::tcp::endpoint endpoint() const { return endpoint_; }

private:
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(asio::ip::tcp::socket socket);

    asio::ip::tcp::acceptor acceptor_;
    asio::ip::tcp::endpoint endpoint_;
    Handler handler_;
    /// Of connections. They share it, as their io_context may end them later than this object ends.
    struct Counts {
        std::size_t strangers = 0;
        std::size_t answers = 0;
    };
    std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
};

}  // namespace fedgram::http
