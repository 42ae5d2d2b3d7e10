#pragma once

#include "common/energy/devices/serving_profile.hpp"
#include "common/energy/pricing/inference_energy.hpp"

namespace fedgram::report {

/// What a request takes by a serving record, at batch 1 with one instance a device, as `fedgram analyze` prices it:
///
///     instances = ceil(rate S(1)),   J = P(rate S(1) / instances) instances / rate = J_busy + J_idle,
///     J_busy = P_busy S(1)
///
/// with S(1) of batch_service.hpp and P of ServingProfile::power. A request whose weights aren't known moves all its
/// bytes as activations.
[[nodiscard]] energy::InferenceCost served_cost(const energy::InferenceDemand& demand,
                                                const energy::ServingProfile& device, double per_second);

}  // namespace fedgram::report
