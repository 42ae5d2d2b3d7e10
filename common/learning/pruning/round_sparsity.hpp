#pragma once

#include <cstdint>

#include "common/spec/pruning.hpp"

namespace fedgram::learning {

/// The share of weights that is 0 in the model behind a round, of a federation that prunes as it trains: what the
/// latest mask by then has reached, and 0 before the first. Masks come at `from_round`, at each `every_rounds`-th round
/// from there, and at `to_round`. GradualSparsity's ramp begins `every_rounds` before the first mask, so that this one
/// takes weights, too; and where there is one mask alone, all of them.
[[nodiscard]] double sparsity_behind(const spec::Pruning& pruning, std::uint32_t round);

}  // namespace fedgram::learning
