#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "common/learning/training/state_bytes.hpp"
#include "common/privacy/adaptive_clip.hpp"
#include "common/privacy/training_noise.hpp"
#include "common/spec/experiment.hpp"
#include "coordinator/privacy/private_mean.hpp"
#include "coordinator/privacy/secure_mean.hpp"

namespace fedgram::coordinator {

/// Differential privacy of a training's nodes: who takes part, what each round's sum is clipped to and gets for noise,
/// and what has been spent. Knows no socket, thread or clock.
class PrivateTraining {
public:
    /// `rule` has a privacy, and must outlive it. Throws SpecError for a budget that no noise keeps, and for an
    /// adaptive clip with too few nodes for its noise.
    PrivateTraining(const spec::Federated& rule, std::uint64_t seed);

    /// The nodes of a round, ascending: by independent coins, maybe none; or a cohort of fixed size.
    [[nodiscard]] std::vector<std::uint32_t> cohort(std::uint32_t round) const;
    /// The round's aggregate, of updates that came from `global`, which must outlive it.
    [[nodiscard]] std::unique_ptr<PrivateMean> mean(std::uint32_t round, std::span<const float> global) const;
    /// The noise for a sum that secure aggregation gives, whose differences are rounded to the nearest multiple of
    /// `step`: that makes one longer by up to sqrt(parameters) step / 2, which counts as clip.
    [[nodiscard]] SecureNoise noise_on_sum(std::uint32_t round, std::size_t parameters, double step) const;
    /// The round is in the model: an adaptive clip moves on.
    void ended(std::uint32_t round, const PrivateMean& mean);

    /// The chance that a node takes part in a round.
    [[nodiscard]] double sampling_rate() const { return noise_.rule.participation; }
    /// In clips, as it is accounted.
    [[nodiscard]] double noise_multiplier() const { return noise_.noise_multiplier; }
    /// Of the round that is next; infinity without one.
    [[nodiscard]] double clip() const;
    /// Nothing without noise.
    [[nodiscard]] std::optional<privacy::PrivacySpent> spent(std::uint32_t rounds) const;
    /// The most rounds that stay within the specification's `stop_at_epsilon`.
    [[nodiscard]] std::uint32_t most_rounds() const { return noise_.most_rounds; }

    // What later rounds depend on.
    void write(learning::StateWriter& state) const;
    void read(learning::StateReader& state);

private:
    const spec::Federated& rule_;
    const spec::Privacy& privacy_;
    std::uint64_t seed_;
    privacy::TrainingNoise noise_;
    std::optional<privacy::AdaptiveClip> adaptive_;
};

}  // namespace fedgram::coordinator
