// The server on a real socket of 127.0.0.1, in one thread with those that ask it.
#include "common/http/server.hpp"

#include <asio/co_spawn.hpp>
#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/read.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "common/net/address.hpp"

using namespace fedgram;
using namespace std::chrono_literals;
using asio::ip::tcp;

namespace {

/// A server with what `handler` answers, for as long as a test's coroutine runs.
class Served {
public:
    explicit Served(http::Server::Handler handler)
        : server_{net::listen(context_, net::parse_address(context_, "127.0.0.1:0"), "--port"), std::move(handler)}
    {
        server_.start();
    }

    template <class Test>
    void run(Test test)
    {
        std::exception_ptr failure;
        asio::co_spawn(context_, std::move(test), [&](const std::exception_ptr& error) {
            failure = error;
            context_.stop();
        });
        context_.run_for(60s);
        if (failure) std::rethrow_exception(failure);
        REQUIRE(context_.stopped());
    }

    asio::awaitable<tcp::socket> connected()
    {
        tcp::socket socket{context_};
        co_await socket.async_connect(server_.endpoint(), asio::use_awaitable);
        co_return socket;
    }

    asio::awaitable<void> pause(std::chrono::milliseconds time)
    {
        asio::steady_timer timer{context_, time};
        co_await timer.async_wait(asio::use_awaitable);
    }

private:
    asio::io_context context_;
    http::Server server_;
};

asio::awaitable<void> say(tcp::socket& socket, std::string text)
{
    co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable);
}

/// All that comes until the peer closes.
asio::awaitable<std::string> rest(tcp::socket& socket)
{
    std::string text;
    asio::error_code end;
    co_await asio::async_read(socket, asio::dynamic_buffer(text), asio::redirect_error(asio::use_awaitable, end));
    co_return text;
}

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"; }

http::Answer echo(const http::Request& request) { return {.body = "of " + request.path}; }

}  // namespace

TEST_CASE("A request gets its answer, with its length, and the connection ends", "[http]")
{
    Served served{echo};
    served.run([&]() -> asio::awaitable<void> {
        auto socket = co_await served.connected();
        co_await say(socket, get("/a"));
        const auto answer = co_await rest(socket);
        CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 200 OK\r\n") && Catch::EndsWith("\r\n\r\nof /a"));
        CHECK_THAT(answer,
                   Catch::Contains("\r\nContent-Length: 5\r\n") && Catch::Contains("\r\nCache-Control: no-store"));
    });
}

TEST_CASE("A HEAD has the answer's head alone", "[http]")
{
    Served served{echo};
    served.run([&]() -> asio::awaitable<void> {
        auto socket = co_await served.connected();
        co_await say(socket, "HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const auto answer = co_await rest(socket);
        CHECK_THAT(answer, Catch::Contains("Content-Length: 5\r\n") && Catch::EndsWith("\r\n\r\n"));
    });
}

TEST_CASE("What is no request is refused and never reaches the handler", "[http]")
{
    int asked = 0;
    Served served{[&](const http::Request& request) {
        ++asked;
        return echo(request);
    }};
    served.run([&]() -> asio::awaitable<void> {
        for (const auto& [text, status] : std::vector<std::pair<std::string, std::string>>{
                 {"\x16\x03\x01 a TLS hello\r\n\r\n", "400"},
                 {"DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
                 {"GET / HTTP/1.1\r\nX: " + std::string(2 * http::most_head_bytes, 'x') + "\r\n\r\n", "431"}}) {
            auto socket = co_await served.connected();
            co_await say(socket, text);
            const auto answer = co_await rest(socket);
            CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 " + status));
        }
    });
    CHECK(asked == 0);
}

TEST_CASE("An answer that goes on is sent piece by piece until its end", "[http]")
{
    Served served{[](const http::Request&) {
        const auto pieces = std::make_shared<int>(3);
        return http::Answer{.body = "first", .more = [pieces]() -> asio::awaitable<std::optional<std::string>> {
                                if ((*pieces)-- == 0) co_return std::nullopt;
                                co_return " and more";
                            }};
    }};
    served.run([&]() -> asio::awaitable<void> {
        auto socket = co_await served.connected();
        co_await say(socket, get("/"));
        const auto answer = co_await rest(socket);
        CHECK_THAT(answer, Catch::EndsWith("\r\n\r\nfirst and more and more and more"));
        CHECK_THAT(answer, !Catch::Contains("Content-Length"));
    });
}

TEST_CASE("Strangers beyond the limit are cut off, and others are served again once some have gone", "[http]")
{
    Served served{echo};
    served.run([&]() -> asio::awaitable<void> {
        std::vector<tcp::socket> strangers;
        for (std::size_t i = 0; i < http::Server::most_strangers; ++i) strangers.push_back(co_await served.connected());
        co_await served.pause(100ms);
        auto late = co_await served.connected();
        const auto cut_off = co_await rest(late);
        CHECK(cut_off.empty());
        strangers.clear();
        co_await served.pause(100ms);
        auto served_again = co_await served.connected();
        co_await say(served_again, get("/b"));
        const auto answer = co_await rest(served_again);
        CHECK_THAT(answer, Catch::EndsWith("of /b"));
    });
}

TEST_CASE("Viewers beyond the limit hear that the server is not available", "[http]")
{
    Served* all = nullptr;
    Served served{[&](const http::Request&) {
        return http::Answer{.more = [all]() -> asio::awaitable<std::optional<std::string>> {
            co_await all->pause(20s);
            co_return std::nullopt;
        }};
    }};
    all = &served;
    served.run([&]() -> asio::awaitable<void> {
        std::vector<tcp::socket> viewers;
        for (std::size_t i = 0; i < http::Server::most_answers; ++i) {
            viewers.push_back(co_await served.connected());
            co_await say(viewers.back(), get("/"));
        }
        co_await served.pause(200ms);
        auto late = co_await served.connected();
        co_await say(late, get("/"));
        const auto answer = co_await rest(late);
        CHECK_THAT(answer, Catch::StartsWith("HTTP/1.1 503"));
    });
}

TEST_CASE("A peer that doesn't finish its head is cut off after some seconds", "[http]")
{
    Served served{echo};
    served.run([&]() -> asio::awaitable<void> {
        auto slow = co_await served.connected();
        co_await say(slow, "GET / HTTP/1.1\r\nHost:");
        const auto begun = std::chrono::steady_clock::now();
        const auto cut_off = co_await rest(slow);
        CHECK(cut_off.empty());
        CHECK(std::chrono::steady_clock::now() - begun >= 4s);
    });
}
