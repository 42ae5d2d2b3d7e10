// What an update costs on its way: a process sends updates over loopback to another, which answers each with a task, as
// client and coordinator do in a round, without training and aggregation. Prints one JSON line: CPU seconds on both
// sides, and the bytes that crossed loopback for each byte of payload, from the kernel's own counter. In a network
// namespace of its own where that can be made (as root), else among whatever else uses loopback meanwhile.
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstdio>

#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "common/net/channel.hpp"
#include "common/protocol/messages.hpp"
#include "tests/bench/cpu_clock.hpp"
#include "tests/bench/loopback.hpp"

namespace {

using namespace fedgram;
using namespace std::chrono_literals;
using asio::ip::tcp;

constexpr std::chrono::milliseconds silence{60'000};

/// A channel with its outbox, while the context runs.
struct End {
    net::Channel channel;

    End(asio::io_context& context, tcp::socket socket, std::size_t payload_bytes)
        : channel{net::plain_stream(std::move(socket)), context.get_executor()}
    {
        protocol::Limits limits;
        limits.payload_bytes = payload_bytes;
        channel.set_limits(limits, std::make_shared<protocol::PayloadPool>());
        asio::co_spawn(context, channel.run_outbox(silence), [this](std::exception_ptr) { channel.close(); });
    }
};

asio::awaitable<void> send_updates(net::Channel& channel, std::size_t size, unsigned count, unsigned in_flight)
{
    const auto pool = std::make_shared<protocol::PayloadPool>();
    wire::ClientUpdate update;
    update.set_samples(60);
    update.set_samples_seen(60);
    update.set_steps(2);
    update.set_mean_loss(0.6789);
    update.set_cpu_seconds(0.000123);
    update.set_node_cpu_seconds(0.000123);
    for (unsigned sent = 0; sent < count + in_flight; ++sent) {
        if (sent >= in_flight) static_cast<void>(co_await channel.receive(net::Clock::duration{silence}));
        if (sent >= count) continue;
        update.set_node(sent);
        channel.post(protocol::frame(protocol::MessageType::client_update, update, pool->share(pool->take(size))));
    }
    channel.close();
}

asio::awaitable<void> answer_updates(net::Channel& channel, protocol::PayloadPool& pool, unsigned count)
{
    for (unsigned received = 0; received < count; ++received) {
        auto frame = co_await channel.receive(net::Clock::duration{silence});
        wire::TrainNode task;
        task.set_round(1);
        task.set_node(protocol::parse<wire::ClientUpdate>(frame).node() + 1);
        pool.give_back(std::move(frame.payload));
        channel.post(protocol::frame(protocol::MessageType::train_node, task));
    }
    channel.finish();
}

void print_failure(std::exception_ptr failure)
{
    try {
        if (failure) std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fedgram-wire-cost: %s\n", error.what());
        std::exit(1);
    }
}

void measure(std::size_t parameters, unsigned count, unsigned in_flight)
{
    const bool own = bench::enter_own_network();
    asio::io_context context{1};
    tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
    const auto place = acceptor.local_endpoint();
    int report[2];
    if (::pipe(report) != 0) throw SystemError{"no pipe can be made"};
    const auto before = bench::loopback_bytes();
    const auto child = ::fork();
    if (child < 0) throw SystemError{"no process can be made"};
    if (child == 0) {
        asio::io_context own_context{1};
        tcp::socket socket{own_context};
        socket.connect(place);
        End end{own_context, std::move(socket), parameters * sizeof(float)};
        asio::co_spawn(own_context, send_updates(end.channel, parameters, count, in_flight), print_failure);
        const double seconds = bench::cpu_seconds_of([&] { own_context.run(); });
        ::_exit(::write(report[1], &seconds, sizeof seconds) == sizeof seconds ? 0 : 1);
    }
    End end{context, acceptor.accept(), parameters * sizeof(float)};
    const auto pool = std::make_shared<protocol::PayloadPool>();
    protocol::Limits limits;
    limits.payload_bytes = parameters * sizeof(float);
    end.channel.set_limits(limits, pool);
    asio::co_spawn(context, answer_updates(end.channel, *pool, count), print_failure);
    const auto start = std::chrono::steady_clock::now();
    const double receiver = bench::cpu_seconds_of([&] { context.run(); });
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    double sender = 0;
    int status = 0;
    if (::read(report[0], &sender, sizeof sender) != sizeof sender || ::waitpid(child, &status, 0) != child)
        throw SystemError{"the sending process has failed"};
    const double payload = static_cast<double>(parameters) * sizeof(float) * count;
    std::printf(
        "{\"parameters\": %zu, \"updates\": %u, \"in_flight\": %u, \"sender_cpu_us_per_update\": %.1f, "
        "\"receiver_cpu_us_per_update\": %.1f, \"payload_gb_per_cpu_s\": %.2f, \"payload_gb_per_s\": %.2f, "
        "\"loopback_bytes_per_payload_byte\": %.4f, \"own_loopback\": %s}\n",
        parameters, count, in_flight, sender / count * 1e6, receiver / count * 1e6, payload / (sender + receiver) / 1e9,
        payload / wall / 1e9, static_cast<double>(bench::loopback_bytes() - before) / payload, own ? "true" : "false");
}

}  // namespace

int main(int argc, char** argv)
{
    std::size_t parameters = 25'450;
    unsigned count = 5'000;
    unsigned in_flight = 2;
    CLI::App app{"CPU time and bytes on loopback of an update's way from client to coordinator, as JSON",
                 "fedgram-wire-cost"};
    app.add_option("--parameters", parameters, "of the model")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--updates", count, "to send")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--in-flight", in_flight, "updates that may be unanswered")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-wire-cost", [&] { measure(parameters, count, in_flight); });
}
