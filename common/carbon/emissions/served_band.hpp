#pragma once

#include "common/carbon/emissions/inference_band.hpp"
#include "common/energy/devices/serving_profile.hpp"

namespace fedgram::carbon {

/// The least and the most that a request takes by a serving record, with its figures at both ends (serving_ends.hpp).
/// `likely` is what it takes; the band holds it.
[[nodiscard]] InferenceBand served_band(const energy::InferenceEnergy& likely, const energy::InferenceDemand& demand,
                                        const energy::ServingProfile& device, double per_second);

}  // namespace fedgram::carbon
