// What a connection costs a coordinator: thousands of clients of one node each, which are let in by the secret, get the
// specification, are ready, and then wait. Memory before and after, and CPU time, are those of the coordinator's
// process as the kernel counts them. The run has one node more, so that it never begins. Prints one JSON line; ends by
// itself within some minutes.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "client/connection/handshake.hpp"
#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "common/net/address.hpp"
#include "common/net/descriptor_limit.hpp"
#include "datasets/sharing/data_source.hpp"
#include "tests/bench/process_memory.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using namespace fedgram;
using namespace std::chrono_literals;

// A coordinator hears 256 strangers at once and lets go of the oldest for a newcomer.
constexpr unsigned most_introductions = 128;
constexpr auto patience = 120s;
constexpr int spare_descriptors = 64;

/// The clients' side.
class Crowd {
public:
    Crowd(asio::io_context& context, asio::ip::tcp::endpoint place, protocol::Secret secret, std::string data_sha256,
          unsigned clients)
        : context_{context}, place_{place}, secret_{secret}, data_sha256_{std::move(data_sha256)}, channels_(clients)
    {
    }

    /// Some of these side by side bring in all.
    asio::awaitable<void> bring_in()
    {
        while (next_ < channels_.size()) {
            const auto node = next_++;
            asio::ip::tcp::socket socket{context_};
            co_await socket.async_connect(place_, asio::use_awaitable);
            auto& channel = channels_[node];
            channel = std::make_unique<net::Channel>(net::plain_stream(std::move(socket)), context_.get_executor());
            const auto id = static_cast<std::uint32_t>(node);
            static_cast<void>(co_await client::shake_hands(*channel, protocol::NodeSet{std::span{&id, 1}}, secret_));
            wire::Ready ready;
            ready.set_data_sha256(data_sha256_);
            ready.set_engine("none");
            co_await channel->send(protocol::frame(protocol::MessageType::ready, ready), net::Clock::now() + patience);
        }
    }

    asio::awaitable<void> say_something()
    {
        for (auto& channel : channels_)
            co_await channel->send(protocol::frame(protocol::MessageType::heartbeat, wire::Heartbeat{}),
                                   net::Clock::now() + patience);
    }

private:
    asio::io_context& context_;
    asio::ip::tcp::endpoint place_;
    protocol::Secret secret_;
    std::string data_sha256_;
    std::vector<std::unique_ptr<net::Channel>> channels_;
    std::size_t next_ = 0;
};

/// Runs these side by side until all have ended; what else the context has to do, deadlines that nobody waits for any
/// more, is left.
void run_all(asio::io_context& context, std::vector<asio::awaitable<void>> all)
{
    std::size_t running = all.size();
    std::exception_ptr failed;
    for (auto& each : all)
        asio::co_spawn(context, std::move(each), [&](std::exception_ptr failure) {
            if (failure) failed = failure;
            if (--running == 0 || failure) context.stop();
        });
    context.restart();
    context.run();
    if (failed) std::rethrow_exception(failed);
}

/// Until the process has nothing left to do.
void wait_until_idle(pid_t process)
{
    for (int turn = 0; turn < 300; ++turn) {
        const double before = bench::cpu_seconds_of(process);
        std::this_thread::sleep_for(300ms);
        if (bench::cpu_seconds_of(process) - before <= 0.01) return;
    }
    throw SystemError{"the coordinator does not come to rest"};
}

void measure(unsigned clients)
{
    if (net::raise_descriptor_limit() < static_cast<int>(clients) + spare_descriptors)
        throw SystemError{"this machine allows a process fewer descriptors than " + std::to_string(clients) +
                          " connections take; raise ulimit -Hn or give fewer --connections"};
    const test::TemporaryFolder folder;
    const auto spec = (folder / "spec.json").string();
    const auto resolved = test::run("fedgram", {"resolve", "workload-b", "--set", "data.train_samples=60000", "--set",
                                                "federated.nodes=" + std::to_string(clients + 1), "--out", spec});
    if (resolved.exit_code != 0) throw SystemError{resolved.err};
    const auto secret = protocol::Secret::random();
    test::Process coordinator{"fedgram-coordinator",
                              {"--spec", spec, "--out", (folder / "run").string(), "--listen", "127.0.0.1:0"},
                              {std::string{protocol::Secret::variable} + "=" + secret.hex()}};
    const auto line = coordinator.read_line();  // "listening HOST:PORT"
    if (line.find(' ') == std::string::npos) throw SystemError{"the coordinator does not listen: " + line};
    asio::io_context context{1};
    Crowd crowd{context, net::parse_address(context, line.substr(line.find(' ') + 1)), secret,
                datasets::DataSource{}.get({.dataset = "fashion-mnist"}).sha256, clients};
    wait_until_idle(coordinator.pid());
    const auto memory = bench::memory_of(coordinator.pid());
    const double cpu = bench::cpu_seconds_of(coordinator.pid());

    const auto start = std::chrono::steady_clock::now();
    std::vector<asio::awaitable<void>> introductions;
    for (unsigned i = 0; i < most_introductions; ++i) introductions.push_back(crowd.bring_in());
    run_all(context, std::move(introductions));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    wait_until_idle(coordinator.pid());
    const double admitting = bench::cpu_seconds_of(coordinator.pid()) - cpu;
    const auto after = bench::memory_of(coordinator.pid());

    std::vector<asio::awaitable<void>> heartbeat;
    heartbeat.push_back(crowd.say_something());
    run_all(context, std::move(heartbeat));
    wait_until_idle(coordinator.pid());
    const double heartbeats = bench::cpu_seconds_of(coordinator.pid()) - cpu - admitting;
    const auto at_last = bench::memory_of(coordinator.pid());

    std::printf(
        "{\"connections\": %u, \"own_bytes_per_connection\": %.0f, \"pss_bytes_per_connection\": %.0f, "
        "\"own_bytes_per_connection_after_heartbeats\": %.0f, \"own_mib_before\": %.1f, "
        "\"seconds_to_admit_all\": %.2f, \"cpu_us_to_admit_one\": %.1f, \"cpu_us_per_heartbeat\": %.1f}\n",
        clients, (after.own - memory.own) / clients, (after.proportional - memory.proportional) / clients,
        (at_last.own - memory.own) / clients, memory.own / 1048576, seconds, admitting / clients * 1e6,
        heartbeats / clients * 1e6);
    coordinator.send(SIGTERM);
    static_cast<void>(coordinator.wait());
}

}  // namespace

int main(int argc, char** argv)
{
    unsigned clients = 10'000;
    CLI::App app{"What thousands of idle clients cost a coordinator, as JSON", "fedgram-connection-cost"};
    app.add_option("--connections", clients, "clients of one node each")
        ->check(CLI::Range(1U, 59'999U))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-connection-cost", [&] { measure(clients); });
}
