#include "client/connection/client.hpp"

#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>

#include <algorithm>
#include <asio/connect.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <nlohmann/json.hpp>

#include "client/connection/handshake.hpp"
#include "common/energy/meters/host.hpp"
#include "common/error/error.hpp"
#include "common/net/address.hpp"
#include "common/protocol/messages.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::client {

namespace {

using namespace std::chrono_literals;

// The coordinator speaks only when a round begins, and a round may be preceded by a whole centralized training: silence
// alone is no fault of its, and a coordinator that dies closes the connection.
constexpr auto coordinator_patience = std::chrono::hours{24};
constexpr auto connect_timeout = 10s;
constexpr auto first_connect_pause = 50ms;
constexpr auto first_pause = 200ms;
constexpr auto longest_pause = 5s;
// A coordinator takes a client for lost after so many heartbeats' time; so does a client that can't get rid of them.
constexpr auto heartbeats_per_deadline = 6;

protocol::OutgoingFrame goodbye(const std::string& reason)
{
    wire::Goodbye message;
    message.set_failed(true);
    message.set_reason(reason);
    return protocol::frame(protocol::MessageType::goodbye, message);
}

asio::awaitable<bool> reach(asio::ip::tcp::socket& socket, asio::ip::tcp::endpoint endpoint)
{
    co_await socket.async_connect(endpoint, asio::use_awaitable);
    co_return true;
}

/// The network's doing, or the coordinator's death: worth another try.
struct ConnectionLost : SystemError {
    using SystemError::SystemError;
};

}  // namespace

Client::Client(Options options, std::optional<TrainingResources> resources)
    : options_{std::move(options)},
      resources_{std::move(resources)},
      cpu_seconds_reported_{-options_.cpu_seconds_before}
{
}

void Client::run()
{
    asio::signal_set signals{context_, SIGINT, SIGTERM};
    int signal_number = 0;
    signals.async_wait([&](const asio::error_code& error, int number) {
        if (error) return;
        signal_number = number;
        if (session_) session_->ended = true;
        context_.stop();
    });
    std::exception_ptr failure;
    asio::co_spawn(context_, serve(), [&](std::exception_ptr error) {
        failure = error;
        context_.stop();
    });
    context_.run();
    training_thread_.reset();
    if (signal_number != 0) throw Interrupted{signal_number};
    if (failure) std::rethrow_exception(failure);
}

asio::awaitable<asio::ip::tcp::socket> Client::connect()
{
    const auto give_up = net::Clock::now() + (was_connected_ ? options_.reconnect_patience : options_.connect_patience);
    net::Clock::duration pause = first_connect_pause;
    for (;;) {
        asio::ip::tcp::socket socket{context_};
        std::string trouble;
        try {
            // Anew each time: a machine that comes back may have another address.
            const auto endpoint = net::parse_address(context_, options_.coordinator);
            co_await net::before(net::Clock::now() + connect_timeout, reach(socket, endpoint));
            co_return socket;
        } catch (const std::system_error& error) {
            trouble = error.code().message();
        } catch (const Timeout& error) {
            trouble = error.what();
        } catch (const SystemError& error) {
            if (!was_connected_) throw;  // a name that was never found is a slip of the pen
            trouble = error.what();
        }
        if (net::Clock::now() + pause > give_up)
            throw SystemError{"no coordinator at " + options_.coordinator + ": " + trouble};
        if (!was_connected_ && pause == first_connect_pause)
            spdlog::warn("no coordinator at {} yet ({}); trying for {} s", options_.coordinator, trouble,
                         options_.connect_patience.count());
        asio::steady_timer timer{context_, pause};
        co_await timer.async_wait(asio::use_awaitable);
        pause = std::min<net::Clock::duration>(pause * 2, longest_pause);
    }
}

asio::awaitable<std::pair<std::unique_ptr<net::Channel>, wire::Welcome>> Client::join()
{
    const auto give_up = net::Clock::now() + (was_connected_ ? options_.reconnect_patience : options_.connect_patience);
    net::Clock::duration pause = first_pause;
    for (;;) {
        auto stream = net::make_stream(co_await connect(), options_.tls.get());
        auto channel = std::make_unique<net::Channel>(std::move(stream), context_.get_executor());
        std::string ended;
        try {
            auto welcome = co_await shake_hands(*channel, options_.nodes, options_.secret);
            co_return std::pair{std::move(channel), std::move(welcome)};
        } catch (const std::system_error& error) {
            ended = error.code().message();
        } catch (const ProtocolError& error) {
            // The coordinator may take this client's last connection to be still there, until its silence deadline.
            if (!was_connected_ || net::Clock::now() + pause > give_up) throw;
            spdlog::warn("{}; trying again", error.what());
        }
        if (net::Clock::now() + pause > give_up)
            throw SystemError{"the coordinator at " + options_.coordinator + " ended the connection without a word (" +
                              ended + "); does it want TLS? Then give --tls DIR"};
        asio::steady_timer timer{context_, pause};
        co_await timer.async_wait(asio::use_awaitable);
        pause = std::min<net::Clock::duration>(pause * 2, longest_pause);
    }
}

asio::awaitable<void> Client::serve()
{
    net::Clock::duration pause = first_pause;
    for (;;) {
        const auto began = net::Clock::now();
        try {
            co_await session();
            co_return;
        } catch (const ConnectionLost& lost) {
            spdlog::warn("{}; trying again for {} s", lost.what(), options_.reconnect_patience.count());
        }
        // Sessions that end as soon as they begin must not follow one another at full speed.
        if (net::Clock::now() - began > longest_pause) pause = first_pause;
        asio::steady_timer timer{context_, pause};
        co_await timer.async_wait(asio::use_awaitable);
        pause = std::min<net::Clock::duration>(pause * 2, longest_pause);
    }
}

asio::awaitable<void> Client::session()
{
    auto [new_channel, welcome] = co_await join();
    const auto session = session_ = std::make_shared<Session>();
    session->channel = std::move(new_channel);
    was_connected_ = true;
    net::Channel& channel = *session->channel;
    bool outbox_running = true;
    asio::steady_timer outbox_ended{context_, net::Clock::time_point::max()};
    const std::chrono::milliseconds heartbeat{welcome.heartbeat_ms()};
    asio::co_spawn(context_, channel.run_outbox(heartbeats_per_deadline * heartbeat), [&](std::exception_ptr) {
        outbox_running = false;
        channel.close();  // a connection that can't be written to is no connection: ends the reading side too
        outbox_ended.cancel();
    });

    std::exception_ptr failure;
    try {
        co_await obey(session, welcome);
    } catch (const std::system_error& error) {
        failure = std::make_exception_ptr(
            ConnectionLost{"the connection to the coordinator ended: " + error.code().message()});
    } catch (const ConnectionLost&) {
        failure = std::current_exception();
    } catch (const ProtocolError&) {
        failure = std::current_exception();
    } catch (const std::exception& error) {
        // Our own trouble (data, engine): the coordinator is to know why this client can't go on.
        channel.post(goodbye(error.what()));
        failure = std::current_exception();
    }
    session->ended = true;
    channel.finish();
    while (outbox_running) {
        asio::error_code woken;
        co_await outbox_ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    if (failure) std::rethrow_exception(failure);
}

void Client::prepare(const std::string& spec_json)
{
    if (trainer_ && spec_json == spec_json_) return;
    training_thread_.reset();  // a training of the last session ends at its next step
    const auto experiment = spec::parse_experiment(spec::parse_json_text(spec_json, "the coordinator's specification"));
    trainer_ = std::make_unique<NodeTrainer>(experiment, resources_for(experiment));
    spec_json_ = spec_json;
    training_thread_.emplace(*trainer_, payloads_, options_.core_power, [this](std::vector<Answer> answers) {
        asio::post(context_, [this, answers = std::move(answers)]() mutable {
            const double cpu_seconds = energy::process_cpu_seconds();
            for (auto& answer : answers) send(std::move(answer), cpu_seconds);
        });
    });
}

TrainingResources Client::resources_for(const spec::Experiment& experiment)
{
    if (resources_ && resources_->serves(experiment)) return *std::exchange(resources_, std::nullopt);
    return load_training_resources(experiment.engine, experiment.data.dataset, options_.data);
}

asio::awaitable<void> Client::obey(SessionPtr session, const wire::Welcome& welcome)
{
    net::Channel& channel = *session->channel;
    metering_ = {welcome.meter_machine(), options_.core_power};
    global_.reset();
    prepare(welcome.spec_json());
    protocol::Limits limits;
    limits.payload_bytes = trainer_->parameter_bytes();
    channel.set_limits(limits, payloads_);
    wire::Ready ready;
    ready.set_data_sha256(trainer_->data().sha256);
    ready.set_engine(trainer_->engine().version);
    channel.post(protocol::frame(protocol::MessageType::ready, ready));
    asio::co_spawn(context_, send_heartbeats(session, std::chrono::milliseconds{welcome.heartbeat_ms()}),
                   [](std::exception_ptr error) {
                       if (error) spdlog::debug("heartbeats have ended");
                   });

    for (;;) {
        auto frame = co_await channel.receive(net::Clock::now() + coordinator_patience);
        switch (frame.type) {
            case protocol::MessageType::round_model: {
                const auto model = protocol::parse<wire::RoundModel>(frame);
                if (!global_ || model.training() != session->newest_training)
                    meters_ = energy::start_host_meters(metering_);
                global_ = payloads_->share(std::move(frame.payload));
                session->newest_training = model.training();
                session->newest_round = model.round();
                break;
            }
            case protocol::MessageType::train_node: {
                const auto task = protocol::parse<wire::TrainNode>(frame);
                if (!global_ || task.training() != session->newest_training || task.round() != session->newest_round)
                    throw ConnectionLost{"the coordinator asked for a training without its model"};
                training_thread_->add({session, {task.training(), task.round(), task.node()}, global_});
                break;
            }
            case protocol::MessageType::heartbeat:
                break;
            case protocol::MessageType::goodbye: {
                const auto last = protocol::parse<wire::Goodbye>(frame);
                if (last.failed()) throw ProtocolError{"the coordinator said goodbye: " + last.reason()};
                co_return;
            }
            default:
                throw ProtocolError{"the coordinator does not send messages of type " +
                                    std::to_string(static_cast<int>(frame.type))};
        }
    }
}

asio::awaitable<void> Client::send_heartbeats(SessionPtr session, std::chrono::milliseconds interval)
{
    asio::steady_timer timer{context_};
    while (!session->ended) {
        session->channel->post(protocol::frame(protocol::MessageType::heartbeat, wire::Heartbeat{}));
        timer.expires_after(interval);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

void Client::send(Answer answer, double cpu_seconds)
{
    const auto& task = answer.task;
    auto& channel = *answer.session->channel;
    try {
        if (!answer.result) {
            wire::NodeFailed failed;
            failed.set_training(task.training);
            failed.set_round(task.round);
            failed.set_node(task.node);
            failed.set_reason(answer.failure);
            channel.post(protocol::frame(protocol::MessageType::node_failed, failed));
            return;
        }
        auto& result = *answer.result;
        wire::ClientUpdate update;
        update.set_training(task.training);
        update.set_round(task.round);
        update.set_node(task.node);
        update.set_samples(result.samples);
        update.set_samples_seen(result.samples_seen);
        update.set_steps(result.steps);
        update.set_mean_loss(result.mean_loss);
        update.set_cpu_seconds(cpu_seconds - cpu_seconds_reported_);
        cpu_seconds_reported_ = cpu_seconds;
        update.set_node_cpu_seconds(answer.cost.cpu_seconds);
        if (answer.cost.estimate) update.set_node_estimate(to_json(*answer.cost.estimate).dump());
        for (const auto& record : energy::records(meters_.get(), "client"))
            update.add_host_meters(to_json(record).dump());
        channel.post(protocol::frame(protocol::MessageType::client_update, update,
                                     payloads_->share(std::move(result.parameters))));
    } catch (const ProtocolError& error) {
        spdlog::debug("a training ended with the connection: {}", error.what());
    }
}

}  // namespace fedgram::client
