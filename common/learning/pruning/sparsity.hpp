#pragma once

#include <cstdint>
#include <string>

namespace fedgram::learning {

/// Throws SpecError, with `what` and the value, unless it is from 0 to below 1: nothing is left of a model at 1.
void require_sparsity(double sparsity, const std::string& what);

/// `fraction` of `count`, to the nearest; halves go to the even number, as in PyTorch's `prune`.
[[nodiscard]] std::uint64_t rounded_share(double fraction, std::uint64_t count);

}  // namespace fedgram::learning
