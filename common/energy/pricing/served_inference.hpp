#pragma once

#include "common/energy/devices/serving_profile.hpp"
#include "common/energy/pricing/batch_service.hpp"
#include "common/energy/pricing/inference_energy.hpp"

namespace fedgram::energy {

/// What a request by itself asks of a device that answers batches. One whose weights aren't known moves all its bytes
/// as activations.
[[nodiscard]] BatchDemand batch_demand(const InferenceDemand& demand);

/// Whether its record prices such a request: a rate of its numbers and watts are known.
[[nodiscard]] bool prices(const ServingProfile& device, const InferenceDemand& demand);

/// What a request takes by a serving record that prices it, at batch 1 with one instance a device, as an analysis has
/// it in virtual time:
///
///     instances = ceil(rate S(1)),   J = P(rate S(1) / instances) instances / rate = J_busy + J_idle,
///     J_busy = P_busy S(1)
///
/// with S(1) of batch_service.hpp and P of ServingProfile::power. `per_second` is above 0.
[[nodiscard]] InferenceCost served_inference(const InferenceDemand& demand, const ServingProfile& device,
                                             double per_second);

}  // namespace fedgram::energy
