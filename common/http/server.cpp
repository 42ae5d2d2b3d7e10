#include "common/http/server.hpp"

#include <asio/co_spawn.hpp>
#include <asio/read_until.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "common/error/error.hpp"
#include "common/net/deadline.hpp"

namespace fedgram::http {

namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;

constexpr auto head_deadline = 5s;
constexpr auto write_deadline = 30s;
constexpr auto farewell_deadline = 1s;
constexpr auto pause_without_descriptors = 100ms;

/// Counts a connection while it lives.
class Counted {
public:
    explicit Counted(std::shared_ptr<std::size_t> count) : count_{std::move(count)} { ++*count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() { --*count_; }

private:
    std::shared_ptr<std::size_t> count_;
};

const char* words(Status status)
{
    switch (status) {
        case Status::ok:
            return "OK";
        case Status::bad_request:
            return "Bad Request";
        case Status::not_found:
            return "Not Found";
        case Status::method_not_allowed:
            return "Method Not Allowed";
        case Status::misdirected:
            return "Misdirected Request";
        case Status::head_too_large:
            return "Request Header Fields Too Large";
        case Status::unavailable:
            return "Service Unavailable";
        case Status::version_not_supported:
            break;
    }
    return "HTTP Version Not Supported";
}

std::string status_line(Status status) { return std::to_string(static_cast<int>(status)) + " " + words(status); }

/// Nothing is stored, sniffed, framed, or told to another site.
std::string head_of(const Answer& answer)
{
    std::string head = "HTTP/1.1 " + status_line(answer.status) + "\r\nContent-Type: " + answer.type +
                       "\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff"
                       "\r\nReferrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin"
                       "\r\nContent-Security-Policy: frame-ancestors 'none'";
    if (answer.status == Status::method_not_allowed) head += "\r\nAllow: GET, HEAD";
    if (!answer.more) head += "\r\nContent-Length: " + std::to_string(answer.body.size());
    return head + std::string{end_of_head};
}

Answer refusal(Status status) { return {.status = status, .body = status_line(status) + "\n"}; }

/// Takes its arguments by value: it may be ended by `before`.
asio::awaitable<std::size_t> read_head(tcp::socket* socket, std::string* head)
{
    co_return co_await asio::async_read_until(*socket, asio::dynamic_buffer(*head, most_head_bytes),
                                              std::string{end_of_head}, asio::use_awaitable);
}

asio::awaitable<std::size_t> write(tcp::socket* socket, std::string text)
{
    co_return co_await asio::async_write(*socket, asio::buffer(text), asio::use_awaitable);
}

asio::awaitable<std::size_t> read_to_the_end(tcp::socket* socket)
{
    char buffer[1024];
    asio::error_code error;
    while (!error)
        co_await socket->async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, error));
    co_return 0;
}

/// Closing with bytes unread would take the answer back.
asio::awaitable<void> say_farewell(tcp::socket& socket)
{
    asio::error_code none;
    socket.shutdown(tcp::socket::shutdown_send, none);
    co_await net::before(net::Clock::now() + farewell_deadline, read_to_the_end(&socket));
}

asio::awaitable<void> send(tcp::socket& socket, Answer answer, bool head_only)
{
    auto text = head_of(answer);
    if (!head_only) text += answer.body;
    co_await net::before(net::Clock::now() + write_deadline, write(&socket, std::move(text)));
    if (head_only || !answer.more) co_return;
    while (auto piece = co_await answer.more())
        co_await net::before(net::Clock::now() + write_deadline, write(&socket, *std::move(piece)));
}

}  // namespace

Server::Server(tcp::acceptor acceptor, Handler handler)
    : acceptor_{std::move(acceptor)}, endpoint_{acceptor_.local_endpoint()}, handler_{std::move(handler)}
{
}

void Server::start()
{
    asio::co_spawn(acceptor_.get_executor(), accept(), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
}

asio::awaitable<void> Server::accept()
{
    asio::steady_timer pause{acceptor_.get_executor()};
    while (acceptor_.is_open()) {
        asio::error_code error;
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (!acceptor_.is_open()) break;
        if (error) {  // the descriptors are used up, or the peer has gone already
            pause.expires_after(pause_without_descriptors);
            asio::error_code none;
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, none));
            continue;
        }
        if (counts_->strangers >= most_strangers) continue;  // the socket closes
        asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), [](const std::exception_ptr& failure) {
            try {
                if (failure) std::rethrow_exception(failure);
            } catch (const std::system_error&) {  // the peer has gone
            } catch (const Timeout&) {
            }
        });
    }
}

asio::awaitable<void> Server::serve(tcp::socket socket)
{
    std::string head;
    Answer given = refusal(Status::unavailable);
    bool head_only = false;
    {
        const Counted stranger{{counts_, &counts_->strangers}};
        try {
            const auto size = co_await net::before(net::Clock::now() + head_deadline, read_head(&socket, &head));
            head.resize(size);  // what is behind it, one asks in vain: each connection has one answer
            const auto parsed = parse_request(head);
            if (const auto* status = std::get_if<Status>(&parsed))
                given = refusal(*status);
            else if (counts_->answers < most_answers)
                given = handler_(std::get<Request>(parsed));
            head_only = std::holds_alternative<Request>(parsed) && std::get<Request>(parsed).head_only;
        } catch (const std::system_error& error) {
            if (error.code() != asio::error::not_found) throw;  // what read_until says of a head that is too long
            given = refusal(Status::head_too_large);
        }
    }
    const Counted answered{{counts_, &counts_->answers}};
    co_await send(socket, std::move(given), head_only);
    co_await say_farewell(socket);
}

}  // namespace fedgram::http
