#include <signal.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/read.hpp>
#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <cstdio>
#include <random>

#include "common/error/exit_code.hpp"
#include "common/net/address.hpp"

// Strangers at a coordinator's door, until SIGTERM, or until nobody listens there any more. Each comes again some time
// after it was turned away. How often they came is printed at the end.

namespace {

using asio::use_awaitable;
using asio::ip::tcp;
using namespace std::chrono_literals;

// The idle and the senders of bytes come again after these; the slow are kept until the coordinator ends it.
constexpr auto idle_pause = 5s;
constexpr auto sender_pause = 500ms;
constexpr auto drip_pause = 500ms;

class Crowd {
public:
    Crowd(asio::io_context& context, tcp::endpoint place) : context_{context}, place_{place} {}

    asio::awaitable<void> idle() { co_return co_await come_again({}, idle_pause); }

    asio::awaitable<void> random_bytes(unsigned seed)
    {
        std::minstd_rand random{seed};
        std::string bytes(64, '\0');
        std::ranges::generate(bytes, [&] { return static_cast<char>(random()); });
        co_return co_await come_again(bytes, sender_pause);
    }

    asio::awaitable<void> slow()
    {
        // A hello of 4096 bytes, as far as its beginning tells; then zeroes.
        const std::string frame{"FDGM\x02\0\x01\0\0\x10\0\0\0\0\0\0\0\0\0\0", 20};
        for (;;) {
            auto socket = co_await connected();
            asio::error_code error;
            for (std::size_t sent = 0; !error; ++sent) {
                const char next = sent < frame.size() ? frame[sent] : '\0';
                co_await asio::async_write(socket, asio::buffer(&next, 1), asio::redirect_error(use_awaitable, error));
                co_await pause(drip_pause);
            }
        }
    }

    [[nodiscard]] unsigned long connections() const { return connections_; }

private:
    asio::awaitable<void> pause(std::chrono::milliseconds time)
    {
        asio::steady_timer timer{context_, time};
        co_await timer.async_wait(use_awaitable);
    }

    /// Ends the crowd when nobody listens.
    asio::awaitable<tcp::socket> connected()
    {
        tcp::socket socket{context_};
        asio::error_code error;
        co_await socket.async_connect(place_, asio::redirect_error(use_awaitable, error));
        if (error == asio::error::connection_refused) context_.stop();
        if (error)
            co_await pause(idle_pause);
        else
            ++connections_;
        co_return std::move(socket);
    }

    asio::awaitable<void> come_again(std::string greeting, std::chrono::milliseconds after)
    {
        for (;;) {
            auto socket = co_await connected();
            asio::error_code error;
            if (!greeting.empty())
                co_await asio::async_write(socket, asio::buffer(greeting), asio::redirect_error(use_awaitable, error));
            std::string answer(256, '\0');
            co_await asio::async_read(socket, asio::buffer(answer), asio::redirect_error(use_awaitable, error));
            socket.close(error);
            co_await pause(after);
        }
    }

    asio::io_context& context_;
    tcp::endpoint place_;
    unsigned long connections_ = 0;
};

void raise_descriptor_limit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app{"Strangers at a coordinator's door, until SIGTERM or until nobody listens there",
                 "fedgram-stranger-crowd"};
    std::string address;
    unsigned idle = 0;
    unsigned slow = 0;
    unsigned random = 0;
    app.add_option("address", address, "HOST:PORT")->required();
    app.add_option("--idle", idle, "Connections that say nothing, and come again 5 s after they were turned away");
    app.add_option("--slow", slow, "Connections that send a byte each half second");
    app.add_option("--random", random, "Connections that send 64 random bytes, and come again after half a second");
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-stranger-crowd", [&] {
        raise_descriptor_limit();
        asio::io_context context{1};
        Crowd crowd{context, fedgram::net::parse_address(context, address)};
        asio::signal_set signals{context, SIGINT, SIGTERM};
        signals.async_wait([&](const asio::error_code&, int) { context.stop(); });
        const auto look = [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        };
        for (unsigned i = 0; i < idle; ++i) asio::co_spawn(context, crowd.idle(), look);
        for (unsigned i = 0; i < slow; ++i) asio::co_spawn(context, crowd.slow(), look);
        for (unsigned i = 0; i < random; ++i) asio::co_spawn(context, crowd.random_bytes(i + 1), look);
        context.run();
        std::printf("%lu\n", crowd.connections());
    });
}
