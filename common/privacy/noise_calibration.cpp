#include "common/privacy/noise_calibration.hpp"

#include <cmath>
#include <limits>
#include <sstream>

#include "common/error/error.hpp"

namespace fedgram::privacy {

double noise_multiplier_for(const PrivacyRule& rule, double epsilon, std::uint32_t rounds)
{
    const auto is_enough = [&](double noise) { return epsilon_spent(rule, noise, rounds).epsilon <= epsilon; };
    if (is_enough(0)) return 0;
    constexpr double most = 0x1p40;
    if (!is_enough(most)) {
        std::ostringstream text;
        text << "epsilon: " << epsilon << " is out of reach with a delta of " << rule.delta << "; use at least "
             << std::ceil(epsilon_spent(rule, most, rounds).epsilon * 1e4) / 1e4 << ", or a larger delta";
        throw SpecError{text.str()};
    }
    double high = 1;
    while (!is_enough(high)) high *= 2;
    while (is_enough(high / 2)) high /= 2;
    double low = high / 2;
    while (high > low * (1 + 1e-4)) {
        const double middle = std::sqrt(low * high);
        (is_enough(middle) ? high : low) = middle;
    }
    return high;
}

std::uint32_t rounds_within(const PrivacyRule& rule, double noise_multiplier, double epsilon)
{
    const auto is_within = [&](std::uint32_t rounds) {
        return epsilon_spent(rule, noise_multiplier, rounds).epsilon <= epsilon;
    };
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    if (is_within(most)) return most;
    std::uint32_t within = 0;
    std::uint32_t beyond = 1;
    while (is_within(beyond)) {
        within = beyond;
        beyond = beyond > most / 2 ? most : 2 * beyond;
    }
    while (beyond - within > 1) {
        const auto middle = within + (beyond - within) / 2;
        (is_within(middle) ? within : beyond) = middle;
    }
    return within;
}

}  // namespace fedgram::privacy
