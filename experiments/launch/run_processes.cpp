#include "experiments/launch/run_processes.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/command_line/terminal.hpp"
#include "common/error/error.hpp"
#include "common/net/growing_pause.hpp"
#include "common/run/node_state.hpp"
#include "common/text/number_text.hpp"
#include "experiments/launch/child_process.hpp"
#include "experiments/launch/client_fork_server.hpp"
#include "experiments/launch/invitation.hpp"
#include "experiments/launch/node_ranges.hpp"
#include "experiments/launch/signal_watch.hpp"

namespace fedgram::experiments {

namespace {

using namespace std::chrono_literals;

// Clients have nothing to do once the coordinator is gone; a stopped coordinator still writes its results.
constexpr auto clients_grace = 10s;
constexpr auto stop_grace = 30s;

// Who ends a whole job, as Slurm does, signals each of its processes, and a process that is signalled tells those that
// it has started: what comes so soon after the first signal is the same wish once more.
constexpr auto same_wish = 2s;

// A client that is killed or falls over is started anew; one that says why it can't go on is not.
constexpr int most_restarts = 5;
constexpr net::GrowingPause restart_pause{100ms, 1600ms};

/// LibTorch costs each process that loads it 0.65 s of CPU and 60 MB of its own; a fork of one that has it costs a
/// hundredth of the one and a quarter of the other.
bool worth_forking(const RunProcesses& run, const ProcessHost& host)
{
    return host.is_here() && run.engine == "torch" && run.client_processes > 1;
}

void say(const std::string& line)
{
    std::fprintf(stderr, "%s", (command_line::line_start() + "fedgram: " + line + "\n").c_str());
}

void append(std::vector<std::string>& arguments, const std::vector<std::string>& more)
{
    arguments.insert(arguments.end(), more.begin(), more.end());
}

/// Where the data are.
std::vector<std::string> data_arguments(const RunProcesses& run)
{
    if (run.data_descriptor) return {"--data-fd", std::to_string(*run.data_descriptor)};
    if (run.data_folder) return {"--data-dir", run.data_folder->string()};
    return {};
}

/// What this machine draws.
std::vector<std::string> metering_arguments(const RunProcesses& run)
{
    if (run.core_power) return {"--core-w", *run.core_power};
    return {};
}

std::vector<std::string> coordinator_arguments(const RunProcesses& run)
{
    std::vector<std::string> arguments;
    if (run.checkpoint_interval_s)
        arguments.insert(arguments.end(), {"--checkpoint-interval", std::to_string(*run.checkpoint_interval_s)});
    if (run.pause_at) append(arguments, {"--pause-at", std::to_string(*run.pause_at)});
    if (run.resume)
        arguments.insert(arguments.end(), {"--resume", run.folder.string()});
    else
        arguments.insert(arguments.end(),
                         {"--spec", (run.folder / "spec.json").string(), "--out", run.folder.string()});
    if (run.store)
        append(arguments,
               {"--store", run.store->folder.string(), "--store-limit", text::shortest(run.store->most_gib)});
    append(arguments, data_arguments(run));
    append(arguments, metering_arguments(run));
    return arguments;
}

/// Whether another try may go better: not for what is wrong with options, data or rights, which the client has said.
/// What stands for a client elsewhere says of a signal there what a shell would: 128 and its number.
bool worth_a_restart(const Exit& exit)
{
    return exit.signal != 0 || exit.code == 1 || exit.code == 5 || exit.code > 128;
}

ChildProcess started(const Call& call, ChildProcess::Output output, std::optional<int> kept)
{
    return {call.program, call.arguments, output, {}, kept};
}

/// The processes while they run. Every step is taken by `react`, on one event after the other.
class Launch {
public:
    Launch(const RunProcesses& run, const ProcessHost& host)
        : run_{run},
          host_{host},
          coordinator_{
              started(host.coordinator(coordinator_arguments(run)), ChildProcess::Output::pipe, run.data_descriptor)}
    {
    }

    Exit wait()
    {
        while (coordinator_.running() ||
               std::ranges::any_of(clients_, [](const auto& c) { return c.process.running(); }))
            react(signals_.wait(listened_to(), next_deadline()));
        return *coordinator_.exit();
    }

private:
    struct Client {
        ChildProcess process;
        std::string nodes;
        int restarts = 0;
        net::GrowingPause pause = restart_pause;
        std::optional<SignalWatch::Clock::time_point> restart_at{};
    };

    [[nodiscard]] int listened_to() const
    {
        if (loading_) return fork_server_->socket();
        return coordinator_ended_talking_ ? -1 : coordinator_.output();
    }

    void react(const SignalWatch::Event& event)
    {
        if (event.signal == SIGINT || event.signal == SIGTERM) stop(event.signal);
        if (event.readable && loading_)
            listen_to_fork_server();
        else if (event.readable)
            listen_to_coordinator();
        if (fork_server_ && !loading_ && fork_server_->has_just_ended()) give_up_fork_server();
        for (auto& client : clients_)
            if (client.process.has_just_ended() && coordinator_.running() && !client.process.exit()->good())
                look_after(client);
        if (coordinator_.has_just_ended()) {
            kill_at_ = SignalWatch::Clock::now() + clients_grace;
            // Without a goodbye they would wait for it to come back.
            if (!coordinator_.exit()->good())
                for (const auto& client : clients_) client.process.send(SIGTERM);
        }
        for (auto& client : clients_)
            if (client.restart_at && SignalWatch::Clock::now() >= *client.restart_at) restart(client);
        if (kill_at_ && SignalWatch::Clock::now() >= *kill_at_) kill();
    }

    void look_after(Client& client)
    {
        say("client process " + std::to_string(client.process.pid()) + " (nodes " + client.nodes + ") ended with " +
            client.process.exit()->text());
        if (stopping_ || !worth_a_restart(*client.process.exit())) return;
        if (client.restarts == most_restarts) {
            say("it has been started anew " + std::to_string(most_restarts) + " times; the nodes " + client.nodes +
                " are given up");
            return;
        }
        ++client.restarts;
        client.restart_at = SignalWatch::Clock::now() + client.pause.take();
    }

    void restart(Client& client)
    {
        client.restart_at.reset();
        if (!coordinator_.running() || stopping_) return;
        client.process = client_process(client.nodes);
        say("a new client process " + std::to_string(client.process.pid()) + " hosts the nodes " + client.nodes);
    }

    [[nodiscard]] ChildProcess client_process(const std::string& nodes)
    {
        std::vector<std::string> arguments{"--connect", address_,      "--nodes",
                                           nodes,       "--state-dir", (run_.folder / run::node_state_folder).string()};
        append(arguments, metering_arguments(run_));
        if (fork_server_) {
            if (auto client = fork_server_->fork_client(arguments)) return std::move(*client);
            give_up_fork_server();
        }
        append(arguments, data_arguments(run_));
        return started(host_.client(std::move(arguments)), ChildProcess::Output::inherit, run_.data_descriptor);
    }

    void give_up_fork_server()
    {
        fork_server_.reset();
        say("the process that forks clients is lost; each client now loads its own engine");
    }

    [[nodiscard]] std::optional<SignalWatch::Clock::time_point> next_deadline() const
    {
        auto next = kill_at_;
        for (const auto& client : clients_)
            if (client.restart_at && (!next || *client.restart_at < *next)) next = client.restart_at;
        return next;
    }

    void listen_to_coordinator()
    {
        char buffer[256];
        const auto count = ::read(coordinator_.output(), buffer, sizeof buffer);
        if (count <= 0) {
            coordinator_ended_talking_ = true;
            return;
        }
        said_.append(buffer, static_cast<std::size_t>(count));
        constexpr std::string_view announcement = "listening ";
        const auto end = said_.find('\n');
        if (!address_.empty() || stopping_ || end == std::string::npos || !said_.starts_with(announcement)) return;
        address_ = host_.address(said_.substr(announcement.size(), end - announcement.size()));
        loading_ = worth_forking(run_, host_);
        if (loading_)
            fork_server_.emplace(run_.engine, run_.dataset, data_arguments(run_), run_.data_descriptor);
        else
            start_clients();
    }

    void listen_to_fork_server()
    {
        loading_ = false;
        if (!fork_server_->is_ready()) give_up_fork_server();
        if (!stopping_ && coordinator_.running()) start_clients();
    }

    void start_clients()
    {
        for (const auto& nodes : node_ranges(run_.nodes, run_.client_processes))
            clients_.push_back({client_process(nodes), nodes});
    }

    void stop(int signal)
    {
        const auto now = SignalWatch::Clock::now();
        if (stopping_) {
            if (now > stopped_at_ + same_wish) kill();
            return;
        }
        stopping_ = true;
        stopped_at_ = now;
        coordinator_.send(signal);
        kill_at_ = now + stop_grace;
    }

    void kill()
    {
        coordinator_.send(SIGKILL);
        for (const auto& client : clients_) client.process.send(SIGKILL);
        kill_at_.reset();
    }

    const RunProcesses& run_;
    const ProcessHost& host_;
    SignalWatch signals_;  // before the first child, whose end must not be missed
    ChildProcess coordinator_;
    std::optional<ClientForkServer> fork_server_;
    std::vector<Client> clients_;
    std::string address_;  // the coordinator's, once it listens
    std::string said_;     // by the coordinator, on its standard output
    bool coordinator_ended_talking_ = false;
    bool loading_ = false;  // the fork server's engine and data; the clients wait for it
    bool stopping_ = false;
    SignalWatch::Clock::time_point stopped_at_{};
    std::optional<SignalWatch::Clock::time_point> kill_at_;
};

}  // namespace

int run_processes(const RunProcesses& run, const ProcessHost& host)
{
    if (host.is_here()) invite_child_processes();
    const auto exit = Launch{run, host}.wait();
    if (exit.signal == SIGINT || exit.signal == SIGTERM) return 128 + exit.signal;
    if (exit.signal != 0)
        throw SystemError{"the coordinator was ended by " + exit.text() + "; fedgram run --resume " +
                          run.folder.string() + " goes on from its last checkpoint"};
    return exit.code;
}

}  // namespace fedgram::experiments
