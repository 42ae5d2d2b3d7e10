#include "client/training/update_encoder.hpp"

#include <cstring>
#include <utility>

#include "common/learning/codec/error_feedback.hpp"
#include "common/learning/updates/differences.hpp"
#include "common/protocol/frame.hpp"

namespace fedgram::client {

UpdateEncoder::UpdateEncoder(learning::Codec codec, std::uint64_t seed, std::optional<ResidualStore> residuals)
    : codec_{std::move(codec)}, seed_{seed}, residuals_{std::move(residuals)}
{
}

void UpdateEncoder::encode(NodeResult& result, std::span<const float> global, const Task& task)
{
    auto& parameters = result.parameters;
    learning::subtract(parameters, global);
    const auto message = codec_.needs_residual() ? with_residual(parameters, result, task)
                                                 : codec_.encode(parameters, {seed_, task.round, task.node});
    // As large as they were they come back for the next node without being filled with zeros again.
    if (const auto floats = protocol::floats_for(message.size()); floats > parameters.size()) parameters.resize(floats);
    if (!message.empty()) std::memcpy(parameters.data(), message.data(), message.size());
    result.encoded_bytes = message.size();
}

std::vector<std::byte> UpdateEncoder::with_residual(std::span<const float> difference, NodeResult& result,
                                                    const Task& task)
{
    std::vector<float> before;
    if (task.counted_round > 0) {
        auto found = residuals_->read(task.node, task.counted_round, difference.size());
        result.state_lost = !found;
        if (found) before = std::move(*found);
    }
    auto [message, residual] =
        learning::encode_with_feedback(codec_, difference, before, {seed_, task.round, task.node});
    // Before it is sent: once the coordinator has it, it may count.
    if (!message.empty()) residuals_->write(task.node, task.round, residual);
    residuals_->forget_before(task.node, task.settled_round);
    return std::move(message);
}

}  // namespace fedgram::client
