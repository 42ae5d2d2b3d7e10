#pragma once

#include <cstdint>
#include <optional>

namespace fedgram::learning {

/// What a training that prunes as it goes is told.
struct SparsityRamp {
    double initial_sparsity = 0;
    double final_sparsity = 0;
    std::uint64_t first_step = 0;
    std::uint64_t last_step = 0;
    std::uint64_t frequency = 0;  ///< steps from one mask to the next
};

/// Sparsity that grows fast at first, while many weights are superfluous, and slowly in the end: from s_i at the first
/// step to s_f at the last,
///   s(t) = s_f + (s_i - s_f) (1 - (t - first) / (last - first))^3
/// (Zhu and Gupta 2017, arXiv:1710.01878). A mask is made at each `frequency`-th step from the first one on, and at the
/// last: if the frequency doesn't divide the span, the paper's grid alone would end early, at p of the way, and miss
/// the target by (s_f - s_i) (1 - p)^3.
class GradualSparsity {
public:
    /// Throws SpecError naming what doesn't fit: sparsities from 0 to below 1 that don't fall, a last step behind the
    /// first, a frequency of at least 1.
    explicit GradualSparsity(const SparsityRamp& ramp);

    /// What the mask made at this step is to reach; nothing at a step that makes none.
    [[nodiscard]] std::optional<double> at(std::uint64_t step) const;

private:
    SparsityRamp ramp_;
};

}  // namespace fedgram::learning
