#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace fedgram::privacy {

/// What a privacy accountant says for some delta.
struct Epsilon {
    double epsilon;               ///< never negative; infinity without any protection
    std::optional<double> order;  ///< of the Rényi divergence that gives it; nothing where none has a say
};

/// The orders that are tried: 1.1, 1.2, ... 10.9, the whole numbers from 11 to 63, and a dozen from 64 to 512.
[[nodiscard]] std::span<const double> renyi_orders();

/// With next to no noise sampling doesn't matter: what it takes off a divergence above this is lost in rounding.
inline constexpr double sampling_matters_below = 1e12;

/// The epsilon that holds at `delta`, in (0, 1), for a Rényi divergence of the order, > 1; never negative. By Canonne,
/// Kamath and Steinke 2020 (arXiv:2004.00010, proposition 12), and Asoodeh et al. 2020 (arXiv:2001.05990):
///   epsilon = divergence + ln (1 - 1 / order) - ln (delta order) / (order - 1)
/// It is smaller than the conversion of Mironov 2017, which older tables have: divergence - ln delta / (order - 1).
[[nodiscard]] double epsilon_at(double order, double divergence, double delta);

/// The smallest epsilon of all orders after so many rounds, each with these divergences, one for each of
/// renyi_orders().
[[nodiscard]] Epsilon best_epsilon(std::span<const double> divergences, std::uint32_t rounds, double delta);

}  // namespace fedgram::privacy
