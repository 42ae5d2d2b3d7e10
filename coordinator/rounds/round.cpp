#include "coordinator/rounds/round.hpp"

#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <utility>

#include "common/learning/training/node_work.hpp"

namespace fedgram::coordinator {

Round::Round(RoundPlan plan, const spec::Federated& rule, const learning::UpdateLimits& limits, RoundHistory& history,
             std::function<bool(ClientId)> is_connected, TimePoint now)
    : training_{plan.training},
      number_{plan.number},
      rule_{rule},
      limits_{limits},
      history_{history},
      is_connected_{std::move(is_connected)},
      nodes_{plan.cohort, rule.quorum},
      patience_{rule, now},
      most_steps_{std::move(plan.most_steps)}
{
}

Round::Actions Round::start(std::span<const Host* const> hosts, TimePoint now)
{
    for (const auto* host : hosts) nodes_.join(*host);
    if (history_.losses_to_come.take(nodes_)) patience_.client_lost(now);
    Actions actions;
    hand_out(actions);
    conclude(actions);
    return actions;
}

template <class Handle>
Round::Actions Round::step(TimePoint now, Handle handle, Lateness lateness)
{
    Actions actions;
    if (state_ != RoundState::open) return actions;
    dropped_ = 0;
    if (lateness == Lateness::counts && now >= deadline() && ++overdue_ > nodes_.size()) {
        expire(actions);
    } else {
        handle(actions);
        hand_out(actions);
    }
    conclude(actions);
    return actions;
}

Round::Actions Round::on(const ClientJoined& event, TimePoint now)
{
    return step(now, [&](Actions& actions) {
        nodes_.join(event.host);
        actions.emplace_back(ReportClientReady{event.host.nodes});
    });
}

Round::Actions Round::on(const UpdateArrived& event, TimePoint now)
{
    return step(now, [&](Actions& actions) { take(event, actions); });
}

Round::Actions Round::on(const NodeHeld& event, TimePoint now)
{
    // Of the two messages that bring an awaited update, only the sum counts when it is late.
    const auto lateness = nodes_.awaits(event.client, event.node) ? Lateness::passes : Lateness::counts;
    return step(
        now, [&](Actions& actions) { take(event, actions); }, lateness);
}

Round::Actions Round::on(const SumArrived& event, TimePoint now)
{
    return step(now, [&](Actions& actions) { take(event, actions); });
}

Round::Actions Round::on(const TrainingFailed& event, TimePoint now)
{
    return step(now, [&](Actions& actions) {
        if (event.training != training_ || event.round != number_ || !nodes_.awaits(event.client, event.node)) return;
        nodes_.lost(event.node);
        actions.emplace_back(ReportTrainingFailed{event.node, event.reason});
        waste({event.node}, false, actions);
    });
}

Round::Actions Round::on(const MessageBroken& event, TimePoint now)
{
    return step(now, [&](Actions& actions) { drop(event.client, event.reason, actions); });
}

Round::Actions Round::on(const ClientLost& event, TimePoint now)
{
    return step(now, [&](Actions& actions) { lose(event, now, actions); });
}

Round::Actions Round::on(const StopRequested&)
{
    Actions actions;
    if (state_ != RoundState::open) return actions;
    state_ = RoundState::stopped;
    waste(nodes_.held_nodes(), true, actions);
    waste(nodes_.expire(), false, actions);
    waste(nodes_.delivered_nodes(), true, actions);
    return actions;
}

Round::Actions Round::tick(TimePoint now)
{
    Actions actions;
    if (state_ != RoundState::open || now < deadline()) return actions;
    expire(actions);
    conclude(actions);
    return actions;
}

learning::UpdateMetadata Round::asked(std::uint32_t node) const
{
    const auto samples = nodes_.samples(node);
    const auto [samples_seen, steps] = learning::local_epochs(rule_, samples, most_steps(node));
    return {training_, number_, samples, samples_seen, steps};
}

void Round::take(const UpdateArrived& update, Actions& actions)
{
    const auto node = update.node;
    const auto& stated = update.metadata;
    const auto refuse = [&](learning::Refusal refusal) {
        actions.emplace_back(RefuseUpdate{node, std::move(refusal)});
    };
    if (!nodes_.awaits(update.client, node)) {
        refuse(learning::unawaited_refusal({training_, number_}, stated, {update.hosted, nodes_.answered(node)}));
        return;
    }
    // Of an earlier round: it is late, or its node was the last to deliver there and sends it again. The node still
    // owes an update for this round.
    if (std::pair{stated.training, stated.round} < std::pair{training_, number_}) {
        if (stated.training == training_ && stated.round != 0 && stated.round == history_.answered[node])
            refuse({learning::RefusalReason::repeated,
                    fmt::format("the node has answered in round {} already", stated.round)});
        else
            refuse(learning::refusal(asked(node), stated, update.parameters, limits_).value());
        return;
    }
    if (update.broken_report) {
        drop(update.client, *update.broken_report, actions);
        return;
    }
    actions.emplace_back(RecordHostCost{update.client, node});
    history_.answered[node] = number_;
    auto refused = update.unreadable;
    if (!refused)
        refused = update.masked ? learning::refusal(asked(node), stated)
                                : learning::refusal(asked(node), stated, update.parameters, limits_);
    if (!refused && !std::isfinite(update.mean_loss))
        refused = {learning::RefusalReason::not_finite, fmt::format("its mean loss is {}", update.mean_loss)};
    if (refused) {
        refuse_for_good(node, std::move(*refused), actions);
        return;
    }
    actions.emplace_back(AddUpdate{node});
    nodes_.delivered(node);
}

void Round::lose(const ClientLost& loss, TimePoint now, Actions& actions)
{
    if (nodes_.owed_by(loss.nodes))
        patience_.client_lost(now);
    else
        history_.losses_to_come.add(loss.nodes);
    if (const auto node = nodes_.training_on(loss.client); node && loss.wrong_payload) {
        actions.emplace_back(RefuseUpdate{*node, {learning::RefusalReason::wrong_shape, loss.reason}});
        nodes_.lost(*node);
        waste({*node}, false, actions);
    }
    auto held = nodes_.held_by(loss.client);
    if (loss.wrong_payload)
        for (const auto node : std::exchange(held, {}))
            refuse_for_good(node, {learning::RefusalReason::wrong_shape, loss.reason}, actions);
    waste(std::move(held), true, actions);
    if (const auto node = nodes_.client_lost(loss.client)) waste({*node}, false, actions);
    actions.emplace_back(ReportClientLost{loss.nodes, loss.reason});
}

void Round::drop(ClientId client, const std::string& reason, Actions& actions)
{
    dropped_ = client;  // the action is not carried out yet, so that `is_connected_` may still say yes
    actions.emplace_back(DropClient{client, reason});
}

std::uint64_t Round::most_steps(std::uint32_t node) const
{
    const auto found = most_steps_.find(node);
    return found == most_steps_.end() ? 0 : found->second;
}

void Round::hand_out(Actions& actions)
{
    const auto assignments =
        nodes_.assign([this](ClientId client) { return client != dropped_ && is_connected_(client); });
    for (const auto& [client, node, share_left] : assignments) {
        if (have_model_.insert(client).second) actions.emplace_back(SendModel{client});
        actions.emplace_back(TrainNode{client, node, most_steps(node), share_left});
    }
}

void Round::expire(Actions& actions)
{
    waste(nodes_.held_nodes(), true, actions);
    auto still_training = nodes_.expire();
    waste(still_training, false, actions);
    actions.emplace_back(ReportExpiry{nodes_.lost_nodes(), std::move(still_training)});
}

void Round::waste(std::vector<std::uint32_t> nodes, bool uploaded, Actions& actions)
{
    if (!nodes.empty()) actions.emplace_back(RecordWaste{std::move(nodes), uploaded});
}

void Round::conclude(Actions& actions)
{
    if (nodes_.settled()) {
        state_ = nodes_.quorum_held() ? RoundState::complete : RoundState::no_quorum;
        if (state_ == RoundState::no_quorum) waste(nodes_.delivered_nodes(), true, actions);
    } else if (!nodes_.busy() && nodes_.orphaned_nodes() != history_.waiting) {
        history_.waiting = nodes_.orphaned_nodes();
        actions.emplace_back(ReportWaiting{history_.waiting});
    }
}

}  // namespace fedgram::coordinator
