#pragma once

#include <cstdint>

#include "common/privacy/renyi_orders.hpp"

namespace fedgram::privacy {

/// The Rényi divergence of an order > 1 that one round of the Poisson-subsampled Gaussian mechanism has at most between
/// neighbours that differ by one node added or removed (Mironov, Talwar and Zhang 2019, arXiv:1908.10530): each node
/// takes part with the probability `q`, and the sum of clipped updates gets noise of `noise_multiplier` clips. Zero for
/// q = 0; infinity without noise.
[[nodiscard]] double poisson_divergence(double q, double noise_multiplier, double order);

/// What so many such rounds cost at `delta`, in (0, 1): an upper bound, nothing for no rounds.
[[nodiscard]] Epsilon rdp_epsilon(double q, double noise_multiplier, std::uint32_t rounds, double delta);

}  // namespace fedgram::privacy
