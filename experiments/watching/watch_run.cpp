#include "experiments/watching/watch_run.hpp"

#include <signal.h>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <iostream>
#include <list>
#include <utility>

#include "common/error/error.hpp"
#include "common/http/local_only.hpp"
#include "common/http/server.hpp"
#include "common/net/address.hpp"
#include "common/protocol/secret.hpp"
#include "experiments/watching/run_follower.hpp"
#include "experiments/watching/tensorboard_log.hpp"
#include "experiments/watching/watch_pages.hpp"

namespace fedgram::experiments {

namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 500ms;
// Viewers are told that nothing more comes; who doesn't listen is left.
constexpr auto farewell = 1s;
constexpr std::size_t token_digits = 32;
constexpr const char* metrics_option = "--metrics";
constexpr const char* tensorboard_folder = "tensorboard";

asio::ip::tcp::acceptor listen_for_metrics(asio::io_context& context, const std::string& address)
{
    return net::listen(context, http::local_endpoint(context, address, metrics_option), metrics_option);
}

class Watch {
public:
    Watch(const std::filesystem::path& folder, const WatchTargets& targets, std::uint16_t port)
        : follower_{folder}, signals_{context_, SIGINT, SIGTERM}, timer_{context_}
    {
        if (targets.tensorboard) tensorboard_.emplace(folder / tensorboard_folder);
        look();
        std::string said;
        if (targets.page) said += serve_page(port);
        if (targets.metrics) said += serve_metrics(*targets.metrics);
        std::cerr << said << std::flush;  // once all of it can be had
    }

    void run()
    {
        signals_.async_wait([this](const asio::error_code& error, int) {
            if (error) return;
            stopped_ = true;
            timer_.cancel();
        });
        asio::co_spawn(context_, follow(), [this](const std::exception_ptr& failure) {
            if (failure) failure_ = failure;
            context_.stop();
        });
        context_.run();
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    void look()
    {
        if (!follower_.look()) return;
        ++watched_.revision;
        if (tensorboard_) tensorboard_->add(follower_.run());
    }

    asio::awaitable<void> follow()
    {
        try {
            while (!stopped_) {
                co_await pause(look_interval);
                look();
            }
            watched_.farewell = "Fedgram no longer follows this run; fedgram watch " + follower_.run().facts().folder +
                                " does so again.";
        } catch (const Error& error) {
            failure_ = std::current_exception();
            watched_.farewell = error.what();
        }
        co_await pause(farewell);
    }

    asio::awaitable<void> pause(std::chrono::milliseconds time)
    {
        asio::error_code woken;
        timer_.expires_after(time);
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    std::string serve_page(std::uint16_t port)
    {
        const asio::ip::tcp::endpoint wanted{asio::ip::address_v4::loopback(), port};
        const auto token = protocol::Secret::random().hex().substr(0, token_digits);
        auto& server = servers_.emplace_back(net::listen(context_, wanted, "--port"),
                                             [page = WatchPage{watched_, token, FEDGRAM_VERSION}](
                                                 const http::Request& request) { return page.answer(request); });
        server.start();
        return "watch " + follower_.run().facts().name + " at http://" + net::to_string(server.endpoint()) + "/" +
               token + "/\n";
    }

    std::string serve_metrics(const std::string& address)
    {
        auto& server =
            servers_.emplace_back(listen_for_metrics(context_, address),
                                  [this](const http::Request& request) { return metrics_answer(watched_, request); });
        server.start();
        return "metrics of " + follower_.run().facts().name + " are at http://" + net::to_string(server.endpoint()) +
               "/metrics\n";
    }

    asio::io_context context_{1};
    RunFollower follower_;
    WatchedRun watched_{follower_.run()};
    std::optional<TensorboardLog> tensorboard_;
    std::list<http::Server> servers_;
    asio::signal_set signals_;
    asio::steady_timer timer_;
    bool stopped_ = false;
    std::exception_ptr failure_;
};

}  // namespace

void check(const WatchTargets& targets)
{
    if (!targets.metrics) return;
    asio::io_context context;
    static_cast<void>(listen_for_metrics(context, *targets.metrics));
}

void watch_run(const std::filesystem::path& folder, const WatchTargets& targets, std::uint16_t port)
{
    Watch{folder, targets, port}.run();
}

std::filesystem::path write_tensorboard(const std::filesystem::path& folder)
{
    RunFollower follower{folder};
    static_cast<void>(follower.look());
    auto files = folder / tensorboard_folder;
    TensorboardLog{files}.add(follower.run());
    return files;
}

}  // namespace fedgram::experiments
