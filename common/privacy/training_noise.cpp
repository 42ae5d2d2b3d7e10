#include "common/privacy/training_noise.hpp"

#include "common/error/error.hpp"
#include "common/privacy/adaptive_clip.hpp"
#include "common/privacy/noise_calibration.hpp"
#include "common/spec/resolve.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::privacy {

namespace {

Clipping clipping_of(const spec::Federated& training)
{
    if (training.secure_aggregation) return Clipping::nodes;
    return std::holds_alternative<spec::AdaptiveClip>(training.privacy->clip) ? Clipping::adaptive : Clipping::server;
}

}  // namespace

TrainingNoise training_noise(const spec::Federated& training)
{
    const auto& privacy = *training.privacy;
    TrainingNoise noise;
    noise.expected_cohort = privacy.sampling == spec::NodeSampling::poisson ? training.client_fraction * training.nodes
                                                                            : spec::cohort_size(training);
    noise.rule = {.accountant = privacy.accountant.value_or(spec::PrivacyAccountant::rdp),
                  .sampling = privacy.sampling,
                  .participation = noise.expected_cohort / training.nodes,
                  .delta = privacy.delta.value_or(0),
                  .clipping = clipping_of(training)};
    noise.noise_multiplier = privacy.epsilon ? noise_multiplier_for(noise.rule, *privacy.epsilon, training.max_rounds)
                                             : privacy.noise_multiplier.value_or(0);
    noise.update_noise_multiplier = noise.rule.clipping == Clipping::adaptive
                                        ? update_noise_multiplier(noise.noise_multiplier, noise.expected_cohort)
                                        : noise.noise_multiplier;
    noise.most_rounds = training.max_rounds;
    if (privacy.stop_at_epsilon) {
        noise.most_rounds = rounds_within(noise.rule, noise.noise_multiplier, *privacy.stop_at_epsilon);
        if (noise.most_rounds == 0)
            throw SpecError{"stop_at_epsilon: the first round alone spends " +
                            text::significant(epsilon_spent(noise.rule, noise.noise_multiplier, 1).epsilon) +
                            ", more than " + text::shortest(*privacy.stop_at_epsilon) +
                            "; use a larger one, or more noise"};
    }
    return noise;
}

}  // namespace fedgram::privacy
