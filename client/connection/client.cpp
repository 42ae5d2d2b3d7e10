#include "client/connection/client.hpp"

#include <signal.h>
#include <spdlog/spdlog.h>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "client/connection/failure.hpp"
#include "client/connection/handshake.hpp"
#include "client/connection/node_host.hpp"
#include "client/connection/outcome.hpp"
#include "common/error/error.hpp"
#include "common/net/address.hpp"
#include "common/net/deadline.hpp"
#include "common/net/tls.hpp"

namespace fedgram::client {

namespace {

using namespace std::chrono_literals;

constexpr auto connect_timeout = 10s;

asio::awaitable<bool> reach(asio::ip::tcp::socket& socket, asio::ip::tcp::endpoint endpoint)
{
    co_await socket.async_connect(endpoint, asio::use_awaitable);
    co_return true;
}

std::optional<net::Tls> tls(const Options& options)
{
    if (!options.tls) return std::nullopt;
    return net::Tls::of_client(*options.tls, net::host_of(options.coordinator));
}

class Client {
public:
    Client(const Options& options, std::optional<TrainingResources> resources)
        : options_{options}, tls_{tls(options)}, host_{context_, options_.host, std::move(resources)}
    {
    }

    void run();

private:
    /// One try after the other.
    asio::awaitable<void> serve();
    /// One try; returns when the run is over.
    asio::awaitable<void> attempt(Reconnection& reconnection);
    asio::awaitable<asio::ip::tcp::socket> connect();

    Options options_;
    std::optional<net::Tls> tls_;  // outlives the connections of host_
    asio::io_context context_{1};
    NodeHost host_;
};

void Client::run()
{
    asio::signal_set signals{context_, SIGINT, SIGTERM};
    int signal_number = 0;
    signals.async_wait([&](const asio::error_code& error, int number) {
        if (error) return;
        signal_number = number;
        host_.stop();
        context_.stop();
    });
    std::exception_ptr failure;
    asio::co_spawn(context_, serve(), [&](const std::exception_ptr& error) {
        failure = error;
        context_.stop();
    });
    context_.run();
    host_.join();
    if (signal_number != 0) throw Interrupted{signal_number};
    if (failure) std::rethrow_exception(failure);
}

asio::awaitable<void> Client::serve()
{
    Reconnection reconnection{options_.coordinator, options_.patience};
    for (;;) {
        reconnection.begins(net::Clock::now());
        const auto failure = co_await outcome(attempt(reconnection));
        if (!failure) co_return;
        const auto next = reconnection.failed(failure_of(failure), net::Clock::now());
        if (const auto* over = std::get_if<Reconnection::GiveUp>(&next)) {
            if (over->why.empty()) std::rethrow_exception(failure);
            throw SystemError{over->why};
        }
        const auto& again = std::get<Reconnection::TryAgain>(next);
        if (!again.warning.empty()) spdlog::warn("{}", again.warning);
        asio::steady_timer timer{context_, again.at};
        co_await timer.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> Client::attempt(Reconnection& reconnection)
{
    auto stream = net::make_stream(co_await connect(), tls_ ? &*tls_ : nullptr);
    reconnection.connected();
    auto channel = std::make_unique<net::Channel>(std::move(stream), context_.get_executor());
    auto welcome = co_await shake_hands(*channel, options_.nodes, options_.secret);
    reconnection.joined();
    co_await host_.serve(std::move(channel), std::move(welcome));
}

asio::awaitable<asio::ip::tcp::socket> Client::connect()
{
    asio::ip::tcp::socket socket{context_};
    // Anew each time: a machine that comes back may have another address.
    const auto endpoint = net::parse_address(context_, options_.coordinator);
    co_await net::before(net::Clock::now() + connect_timeout, reach(socket, endpoint));
    co_return socket;
}

}  // namespace

void run_client(const Options& options, std::optional<TrainingResources> resources)
{
    Client{options, std::move(resources)}.run();
}

}  // namespace fedgram::client
