#include "client/connection/node_host.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "client/connection/answer_message.hpp"
#include "client/connection/failure.hpp"
#include "client/connection/outcome.hpp"
#include "common/energy/meters/host.hpp"
#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::client {

namespace {

// The coordinator sends something only when a round begins, and a whole centralized training may come before a round.
// So silence alone is no failure; a coordinator that dies closes the connection.
constexpr auto coordinator_patience = std::chrono::hours{24};
// A coordinator gives a client up after the time of so many heartbeats; a client that can't send them gives up as soon.
constexpr auto heartbeats_per_deadline = 6;
// A specification's longest round, round_deadline_s, is of 10^6 s.
constexpr std::uint64_t longest_round_ms = 1'000'000'000;

protocol::OutgoingFrame goodbye(const std::string& reason)
{
    wire::Goodbye message;
    message.set_failed(true);
    message.set_reason(reason);
    return protocol::frame(protocol::MessageType::goodbye, message);
}

}  // namespace

NodeHost::NodeHost(asio::io_context& context, HostOptions options, std::optional<TrainingResources> resources)
    : context_{context},
      options_{std::move(options)},
      resources_{std::move(resources)},
      cpu_seconds_reported_{-options_.cpu_seconds_before}
{
}

void NodeHost::stop()
{
    if (session_) session_->demand.ended = true;
}

asio::awaitable<void> NodeHost::serve(std::unique_ptr<net::Channel> new_channel, wire::Welcome welcome)
{
    const auto session = session_ = std::make_shared<Session>();
    session->channel = std::move(new_channel);
    net::Channel& channel = *session->channel;
    bool outbox_running = true;
    asio::steady_timer outbox_ended{context_, net::Clock::time_point::max()};
    const std::chrono::milliseconds heartbeat{welcome.heartbeat_ms()};
    asio::co_spawn(context_, channel.run_outbox(heartbeats_per_deadline * heartbeat), [&](const std::exception_ptr&) {
        outbox_running = false;
        channel.close();  // a connection that can't be written to has failed: this ends the reading side too
        outbox_ended.cancel();
    });

    const auto failure = co_await outcome(obey(session, welcome));
    if (failure)
        if (const auto what = failure_of(failure); what.is_our_own()) channel.post(goodbye(what.text));
    session->demand.ended = true;
    channel.finish();
    while (outbox_running) {
        asio::error_code woken;
        co_await outbox_ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    if (failure) std::rethrow_exception(failure);
}

void NodeHost::prepare(const std::string& spec_json)
{
    if (trainer_ && spec_json == spec_json_) return;
    training_thread_.reset();  // a training of the last session ends at its next step
    const auto experiment = spec::parse_experiment(spec::parse_json_text(spec_json, "the coordinator's specification"));
    auto state = options_.state_folder;
    // Rounds of another specification are others, and so is what their nodes have left to send.
    if (state) *state /= files::sha256(std::as_bytes(std::span{spec_json})).substr(0, 16);
    trainer_ = std::make_unique<NodeTrainer>(experiment, resources_for(experiment), std::move(state));
    spec_json_ = spec_json;
    training_thread_.emplace(*trainer_, payloads_, sums_, options_.core_power,
                             [this](TrainingThread::Delivery delivery) {
                                 asio::post(context_, [this, delivery = std::move(delivery)]() mutable {
                                     std::visit([this](auto& each) { send(std::move(each)); }, delivery);
                                 });
                             });
}

TrainingResources NodeHost::resources_for(const spec::Experiment& experiment)
{
    if (resources_ && resources_->serves(experiment)) return *std::exchange(resources_, std::nullopt);
    return load_training_resources(experiment.engine, experiment.data, options_.data);
}

asio::awaitable<void> NodeHost::obey(SessionPtr session, const wire::Welcome& welcome)
{
    net::Channel& channel = *session->channel;
    metering_ = {welcome.meter_machine(), options_.core_power};
    is_local_ = welcome.is_local();
    global_.reset();
    prepare(welcome.spec_json());
    protocol::Limits limits;
    limits.payload_bytes = trainer_->parameter_bytes();
    // A model is encoded where that makes it smaller.
    limits.encoded_bytes = trainer_->prunes() ? limits.payload_bytes : 0;
    channel.set_limits(limits, payloads_);
    wire::Ready ready;
    ready.set_data_sha256(trainer_->data().sha256);
    ready.set_engine(trainer_->engine().version);
    channel.post(protocol::frame(protocol::MessageType::ready, ready));
    asio::co_spawn(context_, send_heartbeats(session, std::chrono::milliseconds{welcome.heartbeat_ms()}),
                   [](const std::exception_ptr& error) {
                       if (error) spdlog::debug("heartbeats have ended");
                   });

    for (;;) {
        auto frame = co_await channel.receive(net::Clock::now() + coordinator_patience);
        switch (frame.type) {
            case protocol::MessageType::round_model:
            case protocol::MessageType::encoded_model:
                take(*session, std::move(frame));
                break;
            case protocol::MessageType::train_node:
                queue(session, std::move(frame));
                break;
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

asio::awaitable<void> NodeHost::send_heartbeats(SessionPtr session, std::chrono::milliseconds interval)
{
    asio::steady_timer timer{context_};
    while (!session->demand.ended) {
        session->channel->post(protocol::frame(protocol::MessageType::heartbeat, wire::Heartbeat{}));
        timer.expires_after(interval);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

void NodeHost::take(Session& session, protocol::Frame round_model)
{
    const auto model = protocol::parse<wire::RoundModel>(round_model);
    auto& demand = session.demand;
    if (!global_ || model.training() != demand.newest_training) meters_ = energy::start_host_meters(metering_);
    global_ = round_model.type == protocol::MessageType::encoded_model
                  ? std::make_shared<const std::vector<float>>(trainer_->decoded_model(round_model.encoded()))
                  : payloads_->share(std::move(round_model.payload));
    demand.newest_training = model.training();
    demand.newest_round = model.round();
}

void NodeHost::queue(const SessionPtr& session, protocol::Frame train_node)
{
    const auto message = protocol::parse<wire::TrainNode>(train_node);
    const std::chrono::milliseconds left{std::min<std::uint64_t>(message.round_ends_in_ms(), longest_round_ms)};
    const Task task{.training = message.training(),
                    .round = message.round(),
                    .node = message.node(),
                    .most_steps = message.most_steps(),
                    .share_left = message.share_left(),
                    .round_ends = net::Clock::now() + left,
                    .counted_round = message.counted_round(),
                    .settled_round = message.settled_round(),
                    .neighbours = {message.neighbours().begin(), message.neighbours().end()}};
    if (!global_ || !session->demand.wants(task))
        throw ConnectionLost{"the coordinator asked for a training without its model"};
    std::shared_ptr<const std::vector<float>> linear_term;
    if (!train_node.payload.empty()) linear_term = payloads_->share(std::move(train_node.payload));
    // The job keeps the whole session.
    training_thread_->add({{session, &session->demand},
                           task,
                           global_,
                           std::move(linear_term),
                           trainer_->sums_within(task.training, is_local_)});
}

void NodeHost::send(std::vector<Answer> answers)
{
    for (auto first = answers.begin(); first != answers.end();) {
        const auto last = first->held
                              ? std::find_if_not(first + 1, answers.end(),
                                                 [&](const Answer& next) { return may_share_a_message(*first, next); })
                              : first + 1;
        if (auto* const channel = channel_for(first->demand)) {
            if (first->held)
                channel->post(nodes_held_frame({first, last}, unreported_cpu_seconds()));
            else if (first->result)
                channel->post(update_frame(std::move(*first), unreported_cpu_seconds(),
                                           energy::records(meters_.get(), "client"), *payloads_));
            else
                channel->post(node_failed_frame(*first));
        }
        first = last;
    }
}

void NodeHost::send(SummedUpdates updates)
{
    if (auto* const channel = channel_for(updates.demand))
        channel->post(sum_frame(std::move(updates), energy::records(meters_.get(), "client"), *sums_));
}

net::Channel* NodeHost::channel_for(const std::shared_ptr<const Demand>& demand)
{
    if (demand.get() != &session_->demand || session_->demand.ended) return nullptr;
    auto& channel = *session_->channel;
    if (!channel.is_full()) return &channel;
    channel.close();
    return nullptr;
}

double NodeHost::unreported_cpu_seconds()
{
    const double cpu_seconds = energy::process_cpu_seconds();
    return cpu_seconds - std::exchange(cpu_seconds_reported_, cpu_seconds);
}

}  // namespace fedgram::client
