#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/devices/inference_device.hpp"
#include "common/energy/devices/serving_profile.hpp"
#include "common/energy/pricing/inference_energy.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

/// What a device draws beyond computing, by the share of its time that it computes: a line from `idle` to nothing at
/// all, bent at a tenth where that is known.
struct WaitingPower {
    Watts idle;                       ///< with nothing to do
    std::optional<Watts> at_tenth{};  ///< computing a tenth of the time, less a tenth of what computing takes

    [[nodiscard]] Watts at(double load) const;

    friend bool operator==(const WaitingPower&, const WaitingPower&) = default;
};

/// What one prediction takes on a device by one value of each figure, whatever the rate; before PUE. Of a batch it is
/// the prediction's share.
struct RequestPrice {
    Seconds service;                        ///< that a device computes
    Joules busy;                            ///< while it does
    std::optional<WaitingPower> waiting{};  ///< nothing where what it draws while it waits isn't known

    friend bool operator==(const RequestPrice&, const RequestPrice&) = default;
};

/// What a rate takes of devices that all have the same load:
///
///     devices = ceil(rate S),   load = rate S / devices,   J_wait = P_wait(load) devices / rate
struct RequestUse {
    std::uint64_t devices = 1;
    double load = 0;                  ///< of its time, what a device computes, from 0 to 1
    std::optional<Joules> waiting{};  ///< for each prediction

    /// For each prediction; waiting of unknown power counts as nothing.
    [[nodiscard]] Joules sum(const RequestPrice& price) const { return price.busy + waiting.value_or(Joules{}); }
};

/// `per_second` is above 0.
[[nodiscard]] RequestUse use_at(const RequestPrice& price, double per_second);

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

/// By a serving record, in whole batches on one instance a device, as `fedgram analyze` prices a batch:
///
///     S = S(b) / b,   J_busy = P_busy S,   P_wait(load) = P(load) - load P_busy
///
/// with S(b) of batch_service.hpp and P of ServingProfile::power. A model of float32 is computed in float32 where the
/// device is able to, else in the widest numbers that it has, which move so many fewer bytes. A request whose weights
/// aren't known moves all its bytes as activations.
[[nodiscard]] PricedRequest priced_request(const energy::InferenceDemand& demand, const energy::ServingProfile& device,
                                           std::uint32_t batch);

}  // namespace fedgram::report
