#pragma once

#include <cstdint>

#include "common/random/stream.hpp"

namespace fedgram::privacy {

/// The largest sigma of a discrete Gaussian.
inline constexpr std::uint64_t most_grid_units = std::uint64_t{1} << 40;

/// A draw of the discrete Gaussian on the whole numbers: k with a probability proportional to e^(-k^2 / (2 sigma^2)),
/// exactly, as far as the stream's bits are fair (Canonne, Kamath and Steinke 2020, arXiv:2004.00010, algorithms 1 to
/// 3). Integer arithmetic alone, so that no rounding gives a secret away, and the same on every CPU. `sigma` is in
/// units of the grid, up to `most_grid_units`; of 0 all draws are 0.
[[nodiscard]] std::int64_t discrete_gaussian(Stream& stream, std::uint64_t sigma);

}  // namespace fedgram::privacy
