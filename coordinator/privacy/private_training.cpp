#include "coordinator/privacy/private_training.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "common/privacy/discrete_gaussian.hpp"
#include "common/privacy/poisson_cohort.hpp"
#include "common/spec/resolve.hpp"
#include "coordinator/selection/cohort.hpp"

namespace fedgram::coordinator {

namespace {

// Streams of a round's noise: that on the parameters, and that on the bits of an adaptive clip.
constexpr std::uint64_t on_parameters = 0;
constexpr std::uint64_t on_bits = 1;

// The noise on the bits is drawn in parts of a bit.
constexpr double parts_of_a_bit = 0x1p20;

bool is_poisson(const spec::Privacy& privacy) { return privacy.sampling == spec::NodeSampling::poisson; }

}  // namespace

PrivateTraining::PrivateTraining(const spec::Federated& rule, std::uint64_t seed)
    : rule_{rule}, privacy_{*rule.privacy}, seed_{seed}, noise_{privacy::training_noise(rule)}
{
    if (const auto* adaptive = std::get_if<spec::AdaptiveClip>(&privacy_.clip))
        adaptive_.emplace(*adaptive, noise_.expected_cohort);
}

std::vector<std::uint32_t> PrivateTraining::cohort(std::uint32_t round) const
{
    if (is_poisson(privacy_)) return privacy::poisson_cohort(seed_, round, rule_.nodes, rule_.client_fraction);
    return draw_cohort(seed_, round, rule_.nodes, spec::cohort_size(rule_));
}

double PrivateTraining::clip() const
{
    if (adaptive_) return adaptive_->clip();
    const auto* fixed = std::get_if<spec::FixedClip>(&privacy_.clip);
    return fixed != nullptr ? fixed->norm : std::numeric_limits<double>::infinity();
}

std::unique_ptr<PrivateMean> PrivateTraining::mean(std::uint32_t round, std::span<const float> global) const
{
    const double noise = noise_.update_noise_multiplier > 0 ? noise_.update_noise_multiplier * clip() : 0;
    return std::make_unique<PrivateMean>(global, PrivateSum{clip(), noise, noise_.expected_cohort},
                                         Stream{seed_, Purpose::privacy_noise, round, on_parameters});
}

SecureNoise PrivateTraining::noise_on_sum(std::uint32_t round, std::size_t parameters, double step) const
{
    const double longest = clip() + std::sqrt(static_cast<double>(parameters)) * step / 2;
    const double deviation = noise_.update_noise_multiplier > 0 ? noise_.update_noise_multiplier * longest : 0;
    return {deviation, noise_.expected_cohort, Stream{seed_, Purpose::privacy_noise, round, on_parameters}};
}

void PrivateTraining::ended(std::uint32_t round, const PrivateMean& mean)
{
    if (!adaptive_) return;
    double sum = (static_cast<double>(mean.unclipped()) - static_cast<double>(mean.clipped())) / 2;
    if (noise_.noise_multiplier > 0) {
        Stream noise{seed_, Purpose::privacy_noise, round, on_bits};
        const auto sigma =
            static_cast<std::uint64_t>(std::llround(privacy::bit_noise(noise_.expected_cohort) * parts_of_a_bit));
        sum += static_cast<double>(privacy::discrete_gaussian(noise, sigma)) / parts_of_a_bit;
    }
    adaptive_->ended(sum);
}

std::optional<privacy::PrivacySpent> PrivateTraining::spent(std::uint32_t rounds) const
{
    if (noise_.noise_multiplier == 0) return std::nullopt;
    return privacy::epsilon_spent(noise_.rule, noise_.noise_multiplier, rounds);
}

void PrivateTraining::write(learning::StateWriter& state) const
{
    const std::array clip{adaptive_ ? adaptive_->clip() : 0.0};
    state.add(std::span<const double>{clip});
}

void PrivateTraining::read(learning::StateReader& state)
{
    std::array<double, 1> clip{};
    state.read(std::span<double>{clip});
    if (adaptive_) adaptive_->restore(clip[0]);
}

}  // namespace fedgram::coordinator
