#pragma once

#include <cstdint>
#include <vector>

#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

// The terms of Oort's score (Lai, Zhu, Madhyastha and Chowdhury, OSDI 2021), as its authors' code has them
// (SymbioticLab/Oort, oort/oort.py), where they differ from the paper's.

/// Statistical utility: |B| times the root of the mean of the squared losses of the samples B.
[[nodiscard]] double oort_utility(std::uint64_t samples, double root_mean_square_loss);

/// Utilities brought to a scale near 0 to 1: (min(u, c) - 0.999 m) / (M - 0.999 m), with their minimum m, maximum M,
/// and the value c at the quantile `clip` of them in ascending order.
class UtilityScale {
public:
    /// Of those above 0; where there are none, the scale leaves a utility as it is.
    UtilityScale(std::vector<float> utilities, double clip);

    [[nodiscard]] double operator()(double utility) const;

private:
    double clip_ = 0;
    double low_ = 0;
    double range_ = 1;
};

/// sqrt(0.1 ln R / L) in round R for a node that last delivered in round L: what makes old knowledge worth renewing.
[[nodiscard]] double oort_staleness(std::uint32_t round, std::uint32_t last_round);

/// (preferred / seconds)^penalty for a node that is slower than preferred, else 1. It multiplies the sum of both terms
/// above.
[[nodiscard]] double oort_speed_factor(Seconds seconds, Seconds preferred, double penalty);

}  // namespace fedgram::coordinator
