#include "common/privacy/adaptive_clip.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <sstream>

#include "common/error/error.hpp"
#include "common/random/portable_math.hpp"

namespace fedgram::privacy {

AdaptiveClip::AdaptiveClip(const spec::AdaptiveClip& rule, double expected_cohort)
    : rule_{rule}, expected_cohort_{expected_cohort}, clip_{rule.initial}
{
    assert(expected_cohort > 0 && rule.initial > 0);
}

void AdaptiveClip::ended(double sum_of_shifted_bits)
{
    const double share = sum_of_shifted_bits / expected_cohort_ + 0.5;
    clip_ *= portable::exp(-rule_.rate * (share - rule_.quantile));
    // Updates that are zero in each round let it shrink for ever, and from 0 or infinity it would never come back.
    clip_ = std::clamp(clip_, 0x1p-100, 0x1p100);
}

double bit_noise(double expected_cohort) { return expected_cohort / 20; }

double update_noise_multiplier(double noise_multiplier, double expected_cohort)
{
    if (noise_multiplier == 0) return 0;
    const double bits = 2 * bit_noise(expected_cohort);
    if (bits <= noise_multiplier) {
        std::ostringstream text;
        text << "noise_multiplier: " << noise_multiplier << " is too much for an adaptive clip with " << expected_cohort
             << " nodes a round, whose bits alone give away more than that; use a noise_multiplier below " << bits
             << ", more than " << 10 * noise_multiplier << " nodes a round, or a fixed clip";
        throw SpecError{text.str()};
    }
    return 1 / std::sqrt(1 / (noise_multiplier * noise_multiplier) - 1 / (bits * bits));
}

}  // namespace fedgram::privacy
