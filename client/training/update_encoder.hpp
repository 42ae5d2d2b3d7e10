#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "client/training/job.hpp"
#include "client/training/residual_store.hpp"
#include "common/learning/codec/codec.hpp"

namespace fedgram::client {

/// Makes the bytes that a node sends of what it has trained.
class UpdateEncoder {
public:
    /// `residuals` must be there where the codec needs them.
    UpdateEncoder(learning::Codec codec, std::uint64_t seed, std::optional<ResidualStore> residuals);

    /// Replaces the result's parameters, trained from `global`, by their message, and says so in it; what stands behind
    /// the message is of no use. What the node has left to send begins with what it had left when its last update
    /// counted.
    void encode(NodeResult& result, std::span<const float> global, const Task& task);

private:
    [[nodiscard]] std::vector<std::byte> with_residual(std::span<const float> difference, NodeResult& result,
                                                       const Task& task);

    learning::Codec codec_;
    std::uint64_t seed_;
    std::optional<ResidualStore> residuals_;
};

}  // namespace fedgram::client
