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

}  // namespace

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
