#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "client/training/job.hpp"
#include "common/masking/fixed_point_rule.hpp"

namespace fedgram::client {

/// Makes the masked vector that a node sends under secure aggregation (common/masking). Nobody can check what is in it,
/// so what the coordinator does with an update in the clear is done here: it is clipped, and the coordinator trusts
/// that it is.
class UpdateMasker {
public:
    /// With a `clip` the whole difference is scaled down to that L2 norm first, and all nodes weigh alike.
    UpdateMasker(masking::FixedPointRule rule, std::uint64_t seed, bool weighs_samples, std::optional<double> clip)
        : rule_{rule}, seed_{seed}, weighs_samples_{weighs_samples}, clip_{clip}
    {
    }

    /// Replaces the result's parameters, trained from `global`, by their message, and says so in it. The message is
    /// empty where a value is no number.
    void mask(NodeResult& result, std::span<const float> global, const Task& task) const;

private:
    masking::FixedPointRule rule_;
    std::uint64_t seed_;
    bool weighs_samples_;
    std::optional<double> clip_;
};

}  // namespace fedgram::client
