#pragma once

#include <span>

#include "common/learning/pruning/mask.hpp"
#include "common/spec/reduction.hpp"

namespace fedgram::learning {

using spec::PruningScope;

// The weights of the smallest magnitude go, and of equal ones the last. Counts are exact: a share of the weights is
// rounded to the nearest, halves to the even number. Each tensor keeps at least its largest weight, the first of equal
// ones; in global scope another tensor's weight goes instead. What is masked stays so. Both throw DataError naming a
// weight that isn't finite.

/// Masks `fraction` of the weights that `present` keeps: 0.2 twice leaves 64 % (PyTorch's `prune`). Throws SpecError
/// unless it is from 0 to below 1.
[[nodiscard]] Mask further_pruned(const ParameterTable& table, std::span<const float> parameters, Mask present,
                                  double fraction, PruningScope scope);

/// Masks weights until `sparsity` of all of them are masked, or leaves `present` as it is where that many are already.
/// Throws SpecError unless it is from 0 to below 1.
[[nodiscard]] Mask pruned_to(const ParameterTable& table, std::span<const float> parameters, Mask present,
                             double sparsity, PruningScope scope);

}  // namespace fedgram::learning
