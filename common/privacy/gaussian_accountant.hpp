#pragma once

#include <cstdint>

namespace fedgram::privacy {

/// The smallest epsilon at `delta`, in (0, 1), of so many rounds in which all nodes take part, each with noise of
/// `noise_multiplier` clips on the sum: exact, for neighbours that differ by one node added or removed. Rounds compose
/// to one with the noise sigma = noise_multiplier / sqrt(rounds), and then (Balle and Wang 2018, arXiv:1805.06530,
/// theorem 8)
///   delta = Phi(1 / (2 sigma) - epsilon sigma) - e^epsilon Phi(-1 / (2 sigma) - epsilon sigma).
/// Infinity without noise, nothing for no rounds; never negative.
[[nodiscard]] double gaussian_epsilon(double noise_multiplier, std::uint32_t rounds, double delta);

/// ln of that delta, for a sigma > 0 and an epsilon >= 0.
[[nodiscard]] double gaussian_log_delta(double sigma, double epsilon);

}  // namespace fedgram::privacy
