#include "common/carbon/emissions/served_band.hpp"

#include <algorithm>

#include "common/energy/devices/serving_ends.hpp"
#include "common/energy/pricing/served_inference.hpp"

namespace fedgram::carbon {

InferenceBand served_band(const energy::InferenceEnergy& likely, const energy::InferenceDemand& demand,
                          const energy::ServingProfile& device, double per_second)
{
    InferenceBand band{likely.sum(), likely.sum()};
    for (const auto& end : energy::ends_of(device)) {
        const auto cost = energy::served_inference(demand, end, per_second);
        band.low = std::min(band.low, cost.energy->sum());
        band.high = std::max(band.high, cost.energy->sum());
    }
    return band;
}

}  // namespace fedgram::carbon
