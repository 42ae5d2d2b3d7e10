#pragma once

#include <cstdint>
#include <optional>

#include "common/energy/devices/serving_profile.hpp"
#include "common/energy/pricing/batch_service.hpp"
#include "common/energy/pricing/inference_energy.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What a device draws beyond computing, by the share of its time that it computes: a line from `idle` to nothing at
/// all, bent at a tenth where that is known.
struct WaitingPower {
    Watts idle;                       ///< with nothing to do
    std::optional<Watts> at_tenth{};  ///< computing a tenth of the time, less a tenth of what computing takes

    [[nodiscard]] Watts at(double busy_share) const;

    friend bool operator==(const WaitingPower&, const WaitingPower&) = default;
};

/// What one request takes of a device, whatever the rate; before PUE. Of a batch it is the request's share.
struct RequestPrice {
    Seconds service;                        ///< for which it takes an instance
    Joules busy;                            ///< of computing
    std::optional<WaitingPower> waiting{};  ///< nothing where what it draws while it waits isn't known
    double busy_share = 1;                  ///< of `service`, for which it keeps the device computing

    friend bool operator==(const RequestPrice&, const RequestPrice&) = default;
};

/// What a rate takes of devices that all have the same load:
///
///     devices = ceil(rate S),   load = rate S / devices,   J_wait = P_wait(load busy_share) devices / rate
struct RequestUse {
    std::uint64_t devices = 1;
    double load = 0;                  ///< of its time, for which a device's instance is taken, from 0 to 1
    std::optional<Joules> waiting{};  ///< for each request

    /// For each request; waiting of unknown power counts as nothing.
    [[nodiscard]] Joules sum(const RequestPrice& price) const { return price.busy + waiting.value_or(Joules{}); }
};

/// `per_second` is above 0.
[[nodiscard]] RequestUse use_at(const RequestPrice& price, double per_second);

/// What a request asks of a device that answers batches, whose bytes are counted in `numbers`. One whose weights aren't
/// known moves all its bytes as activations.
[[nodiscard]] BatchDemand batch_demand(const InferenceDemand& demand, Arithmetic numbers);
/// The same in the numbers that it is counted in.
[[nodiscard]] BatchDemand batch_demand(const InferenceDemand& demand);

/// A request's share of a batch on one instance a device, as an analysis has it in virtual time:
///
///     S = S(b) / b,   J_busy = P_busy busy(b) / b,   P_wait(load) = P(load) - load P_busy
///
/// with S(b) and busy(b) of batch_service.hpp, in an open loop, and P of ServingProfile::power. The device has a rate
/// of such numbers, and watts.
[[nodiscard]] RequestPrice served_price(const ServingProfile& device, const BatchDemand& demand, std::uint32_t batch);

/// Whether its record prices such a request by itself: a rate of its numbers and watts are known.
[[nodiscard]] bool prices(const ServingProfile& device, const InferenceDemand& demand);

/// What a request by itself takes of a device whose record prices it, at batch 1; where it doesn't fit, why not.
[[nodiscard]] InferenceCost served_inference(const InferenceDemand& demand, const ServingProfile& device,
                                             double per_second);

}  // namespace fedgram::energy
