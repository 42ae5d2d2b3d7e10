#pragma once

#include <cstdint>

#include "common/privacy/renyi_orders.hpp"

namespace fedgram::privacy {

/// What so many rounds cost at `delta`, in (0, 1), where a cohort of the share `q` of the nodes is drawn without
/// replacement in each, and neighbours differ by one node replaced by another: an upper bound (Wang, Balle and
/// Kasiviswanathan 2019, arXiv:1808.00087, theorem 27, with corollary 10 between whole orders). Noise of
/// `noise_multiplier` clips is on the sum of clipped updates. A replaced node may point the other way: it moves the sum
/// by up to two clips. Published numbers that take it for one are those of twice the multiplier here. Nothing for no
/// rounds; infinity without noise.
[[nodiscard]] Epsilon fixed_cohort_epsilon(double q, double noise_multiplier, std::uint32_t rounds, double delta);

}  // namespace fedgram::privacy
