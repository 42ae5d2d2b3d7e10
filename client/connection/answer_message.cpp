#include "client/connection/answer_message.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "common/protocol/messages.hpp"

namespace fedgram::client {

namespace {

template <class Message>
void name_task(Message& message, const Task& task)
{
    message.set_training(task.training);
    message.set_round(task.round);
    message.set_node(task.node);
}

/// Whether all of an estimate's joules are there: then they cross the wire by themselves.
bool is_whole(const energy::MeterRecord& estimate) { return estimate.joules && estimate.low && estimate.high; }

/// What the estimates of several nodes share, as text; empty where there is none, and for the usual.
std::string shared_form(const energy::NodeCost& cost)
{
    if (!cost.estimate) return {};
    auto form = *cost.estimate;
    if (is_whole(form)) {
        form.joules.reset();
        form.low.reset();
        form.high.reset();
    }
    const auto json = to_json(form);
    return json == to_json(energy::usual_estimate()) ? std::string{} : json.dump();
}

}  // namespace

protocol::OutgoingFrame nodes_held_frame(std::span<const Answer> answers, double cpu_seconds)
{
    wire::NodesHeld held;
    held.set_training(answers.front().task.training);
    held.set_round(answers.front().task.round);
    for (const auto& [demand, task, result, cost, failure, is_held] : answers) {
        auto& node = *held.add_nodes();
        node.set_node(task.node);
        node.set_samples(result->samples);
        node.set_samples_seen(result->samples_seen);
        node.set_steps(result->steps);
        node.set_mean_loss(result->mean_loss);
        node.set_node_cpu_seconds(cost.cpu_seconds);
        if (cost.estimate && is_whole(*cost.estimate))
            for (const auto joules : {cost.estimate->joules, cost.estimate->low, cost.estimate->high})
                node.add_estimate_joules(joules->count());
    }
    held.set_cpu_seconds(cpu_seconds);
    held.set_node_estimate(shared_form(answers.front().cost));
    return protocol::frame(protocol::MessageType::nodes_held, held);
}

bool may_share_a_message(const Answer& a, const Answer& b)
{
    return a.held && b.held && a.cost.estimate.has_value() == b.cost.estimate.has_value() && a.demand == b.demand &&
           a.task.training == b.task.training && a.task.round == b.task.round &&
           shared_form(a.cost) == shared_form(b.cost);
}

protocol::OutgoingFrame sum_frame(SummedUpdates updates, const std::vector<energy::MeterRecord>& meters,
                                  protocol::PayloadPool& sums)
{
    wire::PartialSum message;
    message.set_training(updates.training);
    message.set_round(updates.round);
    message.mutable_nodes()->Add(updates.nodes.begin(), updates.nodes.end());
    message.set_samples(updates.samples);
    for (const auto& record : meters) message.add_host_meters(to_json(record).dump());
    return protocol::frame(protocol::MessageType::partial_sum, message, sums.share(std::move(updates.words)));
}

protocol::OutgoingFrame node_failed_frame(const Answer& answer)
{
    wire::NodeFailed failed;
    name_task(failed, answer.task);
    failed.set_reason(answer.failure);
    return protocol::frame(protocol::MessageType::node_failed, failed);
}

protocol::OutgoingFrame update_frame(Answer answer, double cpu_seconds, const std::vector<energy::MeterRecord>& meters,
                                     protocol::PayloadPool& payloads)
{
    auto& result = *answer.result;
    wire::ClientUpdate update;
    name_task(update, answer.task);
    update.set_samples(result.samples);
    update.set_samples_seen(result.samples_seen);
    update.set_steps(result.steps);
    update.set_mean_loss(result.mean_loss);
    update.set_cpu_seconds(cpu_seconds);
    update.set_node_cpu_seconds(answer.cost.cpu_seconds);
    if (answer.cost.estimate) update.set_node_estimate(to_json(*answer.cost.estimate).dump());
    for (const auto& record : meters) update.add_host_meters(to_json(record).dump());
    update.set_state_lost(result.state_lost);
    auto payload = payloads.share(std::move(result.parameters));
    if (result.encoded_bytes)
        return protocol::encoded_frame(protocol::MessageType::encoded_update, update, std::move(payload),
                                       *result.encoded_bytes);
    return protocol::frame(protocol::MessageType::client_update, update, std::move(payload));
}

}  // namespace fedgram::client
