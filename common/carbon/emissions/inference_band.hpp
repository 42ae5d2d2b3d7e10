#pragma once

#include <vector>

#include "common/energy/devices/inference_device.hpp"
#include "common/energy/pricing/inference_energy.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// What a request can take by the bands of the figures that it rests on.
struct InferenceBand {
    Joules low;
    Joules high;
};

/// The device with each of its measured set-ups as the only one and their other figures at both ends of their bands,
/// each beside its device profile at the ends that draw least and most.
[[nodiscard]] std::vector<energy::InferenceDevice> devices_within_bands(const energy::InferenceDevice& device);

/// The least and the most that the request takes over a device's measured set-ups, each with all other figures at both
/// ends of their bands; in float32 by a device profile, as a training's energy has it (energy_band.hpp). Waiting of
/// unknown power counts as nothing. `likely` is what the request takes; the band holds it.
[[nodiscard]] InferenceBand inference_band(const energy::InferenceEnergy& likely, const energy::InferenceDemand& demand,
                                           const energy::InferenceDevice& device, double per_second);

}  // namespace fedgram::carbon
