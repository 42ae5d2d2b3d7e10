#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/learning/pruning/mask.hpp"

namespace fedgram::learning {

/// How many of a tensor's weights are left.
struct Density {
    std::string name;  ///< the slot's, or "all"
    std::uint64_t weights = 0;
    std::uint64_t kept = 0;

    [[nodiscard]] double density() const;  ///< kept of all; 1 where there are none
    [[nodiscard]] double sparsity() const { return 1 - density(); }
};

/// Of each slot that is prunable: what the mask keeps.
[[nodiscard]] std::vector<Density> densities(const ParameterTable& table, const Mask& mask);

/// Of each slot that is prunable: what isn't 0. Of a mean of models with different masks this is the masks' union.
[[nodiscard]] std::vector<Density> densities(const ParameterTable& table, std::span<const float> parameters);

/// Of all of them together.
[[nodiscard]] Density total(std::span<const Density> densities);

}  // namespace fedgram::learning
