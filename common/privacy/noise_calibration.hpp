#pragma once

#include <cstdint>

#include "common/privacy/epsilon_spent.hpp"

namespace fedgram::privacy {

/// The smallest noise multiplier with which so many rounds spend no more than `epsilon` > 0, to a ten-thousandth above
/// it and never below; 0 where nothing is spent in any case. Throws SpecError for an epsilon below what the accountant
/// states of however much noise.
[[nodiscard]] double noise_multiplier_for(const PrivacyRule& rule, double epsilon, std::uint32_t rounds);

/// The most rounds that spend no more than `epsilon` > 0, maybe none; 2^32 - 1 where they could go on for ever.
[[nodiscard]] std::uint32_t rounds_within(const PrivacyRule& rule, double noise_multiplier, double epsilon);

}  // namespace fedgram::privacy
