#pragma once

#include "common/spec/privacy.hpp"

namespace fedgram::privacy {

/// A clip that follows a quantile of the updates' norms (Andrew, Thakkar, McMahan and Ramaswamy 2021,
/// arXiv:1905.03871). In each round, in this order: updates are clipped to `clip()`, the noise is measured in it, the
/// cohort's bits are summed with `shifted_bit`, and then `ended` makes the next round's clip of the sum:
///   clip <- clip e^(-rate (share - quantile)), share = sum / expected cohort + 1/2
/// So a share below the quantile, many updates being longer, lets the clip grow. The same bits on every CPU.
class AdaptiveClip {
public:
    /// `expected_cohort` > 0 is what sums are divided by, however many nodes a round had: q N under Poisson sampling.
    AdaptiveClip(const spec::AdaptiveClip& rule, double expected_cohort);

    /// Of the round that is open.
    [[nodiscard]] double clip() const { return clip_; }

    /// What a node adds to the sum by the norm of its update, before it is clipped: 1/2 where it is no longer than the
    /// clip, else -1/2. So one node moves the sum by 1/2 and not by 1, and a node that is missing counts as neither.
    [[nodiscard]] double shifted_bit(double norm) const { return norm <= clip_ ? 0.5 : -0.5; }

    /// Ends the round. The sum has the noise of `bit_noise` already where the training is private.
    void ended(double sum_of_shifted_bits);

    /// Goes on with the `clip()` of a checkpoint, > 0: all else follows from the rule.
    void restore(double clip) { clip_ = clip; }

private:
    spec::AdaptiveClip rule_;
    double expected_cohort_;
    double clip_;
};

/// The standard deviation of the noise on the sum of shifted bits: a twentieth of the expected cohort, as in the paper.
[[nodiscard]] double bit_noise(double expected_cohort);

/// The noise on the sum of updates, in clips, with which updates and bits together cost what `noise_multiplier` alone
/// would: (noise_multiplier^-2 - (2 bit_noise)^-2)^(-1/2), theorem 1 of the paper. 0 for 0. Throws SpecError where the
/// bits alone cost more, since the cohort is too small for so much noise.
[[nodiscard]] double update_noise_multiplier(double noise_multiplier, double expected_cohort);

}  // namespace fedgram::privacy
