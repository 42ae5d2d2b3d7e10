#include "common/privacy/epsilon_spent.hpp"

#include <cassert>

#include "common/privacy/fixed_cohort_accountant.hpp"
#include "common/privacy/gaussian_accountant.hpp"
#include "common/privacy/rdp_accountant.hpp"

namespace fedgram::privacy {

namespace {

using spec::NodeSampling;
using spec::PrivacyAccountant;

std::string trust_words(Clipping clipping)
{
    return clipping == Clipping::nodes ? "each node clips its update before it is masked, the server draws the noise "
                                         "and alone sees a round's sum without it"
                                       : "the server draws the noise and alone sees single updates";
}

/// Where there is more to the noise than so many clips on a round's sum.
std::string noise_words(Clipping clipping)
{
    switch (clipping) {
        case Clipping::server:
            break;
        case Clipping::adaptive:
            return " The noise multiplier z is of two sums together: with n = q N, that of the updates has noise of "
                   "(z^-2 - (n / 10)^-2)^(-1/2) clips, that of the bits which move the clip noise of n / 20.";
        case Clipping::nodes:
            return " The noise is z clips, and z sqrt(parameters) / 2^(fraction_bits + 1) for what rounding to fixed "
                   "point may add to an update's norm; z is the noise multiplier.";
    }
    return {};
}

std::string assumptions_of(const PrivacyRule& rule)
{
    const bool fixed = rule.sampling == NodeSampling::fixed;
    const std::string who = rule.participation == 1 ? "every node takes part in every round"
                            : fixed                 ? "each round draws a cohort of fixed size without replacement"
                                                    : "each node takes part in each round by a coin of its own";
    return "Holds where " + who + ", neighbours differ by one node " +
           (fixed ? "replaced by another" : "added or removed") + ", " + trust_words(rule.clipping) +
           ", and the seed is secret: a published seed voids the guarantee." + noise_words(rule.clipping);
}

Epsilon epsilon_of(const PrivacyRule& rule, double noise_multiplier, std::uint32_t rounds)
{
    const bool fixed = rule.sampling == NodeSampling::fixed;
    if (rule.accountant == PrivacyAccountant::gaussian) {
        assert(rule.participation == 1);
        // A node that is replaced moves the sum by up to two clips, one that is added or removed by one.
        return {gaussian_epsilon(fixed ? noise_multiplier / 2 : noise_multiplier, rounds, rule.delta), {}};
    }
    return fixed ? fixed_cohort_epsilon(rule.participation, noise_multiplier, rounds, rule.delta)
                 : rdp_epsilon(rule.participation, noise_multiplier, rounds, rule.delta);
}

}  // namespace

PrivacySpent epsilon_spent(const PrivacyRule& rule, double noise_multiplier, std::uint32_t rounds)
{
    const auto [epsilon, order] = epsilon_of(rule, noise_multiplier, rounds);
    const std::string_view accountant = rule.accountant == PrivacyAccountant::gaussian ? "exact Gaussian"
                                        : rule.sampling == NodeSampling::fixed         ? "RDP, fixed cohort"
                                                                                       : "RDP, Poisson sampling";
    return {epsilon, rule.delta, order, accountant, assumptions_of(rule)};
}

}  // namespace fedgram::privacy
