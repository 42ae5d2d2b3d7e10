#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/devices/inference_device.hpp"
#include "common/energy/devices/serving_profile.hpp"
#include "common/energy/pricing/inference_energy.hpp"
#include "common/energy/pricing/served_inference.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

using energy::RequestPrice;
using energy::RequestUse;

/// A prediction's price by the likely figures, and at the ends of their bands.
struct RequestPrices {
    RequestPrice likely;
    /// Of a serving record: fastest and slowest, each at the least and the most watts. Else each measured set-up, with
    /// the device profile at the ends that draw least and most. Empty where no figure has a band.
    std::vector<RequestPrice> ends{};
    std::string basis;                                      ///< "serving record", or a name of RequestBasis
    energy::Arithmetic numbers = energy::Arithmetic::fp32;  ///< in which it is computed
    std::uint32_t batch = 1;                                ///< of which a prediction is a share
};

/// A device's answer to a request.
struct PricedRequest {
    std::optional<RequestPrices> prices{};  ///< nothing: it can't
    std::string why_not{};                  ///< then
};

/// By the device profile or by what was measured of its inference, one prediction at a time (inference_energy.hpp).
[[nodiscard]] PricedRequest priced_request(const energy::InferenceDemand& demand,
                                           const energy::InferenceDevice& device);

/// By a serving record, in whole batches, as served_inference.hpp has it. A model of float32 is computed in float32
/// where the device is able to, else in the widest numbers that it has, which move so many fewer bytes.
[[nodiscard]] PricedRequest priced_request(const energy::InferenceDemand& demand, const energy::ServingProfile& device,
                                           std::uint32_t batch);

}  // namespace fedgram::report
