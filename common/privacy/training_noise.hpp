#pragma once

#include <cstdint>

#include "common/privacy/epsilon_spent.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::privacy {

/// What a training's privacy comes to before its first round.
struct TrainingNoise {
    PrivacyRule rule;
    double expected_cohort = 0;          ///< nodes of a round; what sums are divided by
    double noise_multiplier = 0;         ///< in clips, as it is accounted
    double update_noise_multiplier = 0;  ///< without what an adaptive clip's bits take of it
    std::uint32_t most_rounds = 0;       ///< that stay within `stop_at_epsilon`; else max_rounds
};

/// Of a training with privacy. Throws SpecError for a budget that no noise keeps, for one that the first round would
/// break, and for an adaptive clip with too few nodes for its noise.
[[nodiscard]] TrainingNoise training_noise(const spec::Federated& training);

}  // namespace fedgram::privacy
