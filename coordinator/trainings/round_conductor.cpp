#include "coordinator/trainings/round_conductor.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "common/error/error.hpp"
#include "common/protocol/messages.hpp"
#include "coordinator/clients/held_report.hpp"

namespace fedgram::coordinator {

namespace {

/// What is wrong with a part of a message, or nothing. A client that breaks the protocol ends its own connection, not
/// the run: its error goes no further than this.
template <class Read>
std::optional<std::string> breach(Read read)
{
    try {
        read();
        return std::nullopt;
    } catch (const Error& error) {
        return error.what();
    }
}

/// 0 where the end has passed.
std::uint64_t milliseconds_between(net::Clock::time_point now, net::Clock::time_point end)
{
    return end <= now
               ? 0
               : static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(end - now).count());
}

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace

asio::awaitable<void> RoundConductor::conduct(Round& round, SentModel model)
{
    wire::RoundModel announcement;
    announcement.set_training(round.training());
    announcement.set_round(round.number());
    model_ = model.encoded_bytes
                 ? protocol::encoded_frame(protocol::MessageType::encoded_model, announcement, std::move(model.payload),
                                           *model.encoded_bytes)
                 : protocol::frame(protocol::MessageType::round_model, announcement, std::move(model.payload));

    carry_out(round, round.start(connections_.ready_hosts(), connections_.now()), nullptr);
    while (round.state() == RoundState::open) {
        if (connections_.stop_requested()) {
            carry_out(round, round.on(StopRequested{}), nullptr);
            break;
        }
        effects_.waiting(round);
        auto event = co_await connections_.next(std::min(round.deadline(), effects_.write_due()));
        if (connections_.now() >= effects_.write_due()) effects_.write_down();
        if (!event) {
            carry_out(round, round.tick(connections_.now()), nullptr);
            continue;
        }
        auto* const arrived = std::get_if<FrameArrived>(&*event);
        if (arrived && arrived->frame.type == protocol::MessageType::nodes_held) {
            tell_held(round, *arrived);
        } else {
            ReceivedUpdate update;
            const auto actions = tell(round, *event, update);
            carry_out(round, actions, &update);
        }
        if (arrived) connections_.recycle(std::move(arrived->frame.payload));
        // Many clients may come at once: they are one change.
        if (!connections_.has_news() && std::exchange(clients_changed_, false)) effects_.clients_changed();
    }
    effects_.write_down();
    model_ = {};
}

Round::Actions RoundConductor::tell(Round& round, const ClientEvent& event, ReceivedUpdate& update)
{
    const auto now = connections_.now();
    return std::visit(Overloaded{[&](const FrameArrived& arrived) { return tell(round, arrived, update); },
                                 [&](const ClientLost& lost) { return round.on(lost, now); },
                                 [&](const ClientReady& ready) {
                                     clients_changed_ = true;
                                     const auto* const host = connections_.host_of(ready.client);
                                     return host ? round.on(ClientJoined{*host}, now) : Round::Actions{};
                                 },
                                 [&](const StopRequested& stop) { return round.on(stop); }},
                      event);
}

Round::Actions RoundConductor::tell(Round& round, const FrameArrived& arrived, ReceivedUpdate& update)
{
    const auto now = connections_.now();
    if (arrived.frame.type == protocol::MessageType::node_failed) {
        wire::NodeFailed failed;
        if (auto broken = breach([&] { failed = protocol::parse<wire::NodeFailed>(arrived.frame); }))
            return round.on(MessageBroken{arrived.client, std::move(*broken)}, now);
        return round.on(
            TrainingFailed{arrived.client, failed.training(), failed.round(), failed.node(), failed.reason()}, now);
    }
    if (arrived.frame.type == protocol::MessageType::partial_sum) return tell_sum(round, arrived, update);
    wire::ClientUpdate message;
    if (auto broken = breach([&] { message = protocol::parse<wire::ClientUpdate>(arrived.frame); }))
        return round.on(MessageBroken{arrived.client, std::move(*broken)}, now);
    const auto& hosted = nodes_of(arrived.client);
    update = {.parameters = {},
              .samples = message.samples(),
              .mean_loss = message.mean_loss(),
              .bytes = arrived.frame.payload_bytes,
              .state_lost = message.state_lost()};
    std::optional<learning::Refusal> unreadable;
    bool masked = false;
    // One of another round is refused for that.
    if (message.training() == round.training() && message.round() == round.number()) {
        auto read = effects_.read(round, message.node(), arrived.frame);
        if (auto* const refusal = std::get_if<learning::Refusal>(&read)) unreadable = std::move(*refusal);
        if (const auto* const parameters = std::get_if<std::span<const float>>(&read)) update.parameters = *parameters;
        masked = std::holds_alternative<Masked>(read);
    }
    auto broken_report = breach([&] { update.report = host_report(message, hosted); });
    return round.on(UpdateArrived{.client = arrived.client,
                                  .node = message.node(),
                                  .metadata = {message.training(), message.round(), message.samples(),
                                               message.samples_seen(), message.steps()},
                                  .mean_loss = message.mean_loss(),
                                  .parameters = update.parameters,
                                  .hosted = hosted.contains(message.node()),
                                  .broken_report = std::move(broken_report),
                                  .unreadable = std::move(unreadable),
                                  .masked = masked},
                    now);
}

Round::Actions RoundConductor::tell_sum(Round& round, const FrameArrived& arrived, ReceivedUpdate& update)
{
    const auto now = connections_.now();
    wire::PartialSum message;
    if (auto broken = breach([&] { message = protocol::parse<wire::PartialSum>(arrived.frame); }))
        return round.on(MessageBroken{arrived.client, std::move(*broken)}, now);
    update = {.parameters = arrived.frame.payload, .samples = message.samples()};
    const auto& hosted = nodes_of(arrived.client);
    auto broken_report = breach([&] { update.report = sum_report(message, hosted); });
    return round.on(SumArrived{.client = arrived.client,
                               .training = message.training(),
                               .round = message.round(),
                               .nodes = {message.nodes().data(), static_cast<std::size_t>(message.nodes_size())},
                               .samples = message.samples(),
                               .words = arrived.frame.payload,
                               .hosted = hosted,
                               .broken_report = std::move(broken_report)},
                    now);
}

void RoundConductor::tell_held(Round& round, const FrameArrived& arrived)
{
    const auto now = connections_.now();
    wire::NodesHeld message;
    if (auto broken = breach([&] { message = protocol::parse<wire::NodesHeld>(arrived.frame); })) {
        carry_out(round, round.on(MessageBroken{arrived.client, std::move(*broken)}, now), nullptr);
        return;
    }
    for (int place = 0; place < message.nodes_size(); ++place) {
        const auto& node = message.nodes(place);
        const auto& hosted = nodes_of(arrived.client);
        const auto* const host = connections_.host_of(arrived.client);
        ReceivedUpdate update{.parameters = {}, .samples = node.samples(), .mean_loss = node.mean_loss()};
        auto broken_report = breach([&] { update.report = held_report(message, place, hosted); });
        const auto actions = round.on(NodeHeld{.client = arrived.client,
                                               .node = node.node(),
                                               .metadata = {message.training(), message.round(), node.samples(),
                                                            node.samples_seen(), node.steps()},
                                               .mean_loss = node.mean_loss(),
                                               .is_local = host && host->is_local,
                                               .hosted = hosted.contains(node.node()),
                                               .broken_report = std::move(broken_report)},
                                      now);
        carry_out(round, actions, &update);
    }
}

const protocol::NodeSet& RoundConductor::nodes_of(ClientId client) const
{
    static const protocol::NodeSet nothing;
    const auto* const host = connections_.host_of(client);
    return host ? host->nodes : nothing;
}

void RoundConductor::carry_out(const Round& round, const Round::Actions& actions, const ReceivedUpdate* update)
{
    for (const auto& action : actions)
        std::visit(Overloaded{[&](const NetworkAction& network) { carry_out(round, network); },
                              [&](const RecordAction& record) { effects_.carry_out(round, record, update); }},
                   action);
}

void RoundConductor::carry_out(const Round& round, const NetworkAction& action)
{
    std::visit(Overloaded{[&](const SendModel& send) { connections_.send(send.client, model_); },
                          [&](const TrainNode& train) {
                              wire::TrainNode task;
                              task.set_training(round.training());
                              task.set_round(round.number());
                              task.set_node(train.node);
                              task.set_most_steps(train.most_steps);
                              task.set_share_left(train.share_left);
                              task.set_round_ends_in_ms(milliseconds_between(connections_.now(), round.end()));
                              auto details = effects_.details(train.node);
                              task.set_counted_round(details.counted_round);
                              task.set_settled_round(details.settled_round);
                              task.mutable_neighbours()->Add(details.neighbours.begin(), details.neighbours.end());
                              connections_.send(train.client, protocol::frame(protocol::MessageType::train_node, task,
                                                                              std::move(details.linear_term)));
                          },
                          [&](const DropClient& drop) { connections_.drop(drop.client, drop.reason); }},
               action);
}

}  // namespace fedgram::coordinator
