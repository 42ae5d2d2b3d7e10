#pragma once

#include <cstdint>
#include <optional>

#include "common/serving/simulation.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::serving {

/// What an instance's share of the device draws.
struct InstancePower {
    Watts idle;  ///< while it waits
    Watts busy;  ///< while it runs a batch
};

/// Joules of 1,000 answers at a stated rate, of the instances alone: before any PUE.
struct ServingEnergy {
    double answers_per_second = 0;  ///< the stated rate, less what is refused or expires
    Joules busy;                    ///< while instances run batches
    Joules idle;                    ///< while they wait, but are there

    [[nodiscard]] Joules per_1000() const { return busy + idle; }
    /// Of the joules, those of waiting.
    [[nodiscard]] double idle_share() const;
};

/// All n instances that are provisioned draw their idle power at all times, and the busy ones more:
///
///     E = 1000 [P_idle n / rate + (P_busy - P_idle) busy_seconds / answered]
///
/// where `rate` are answers a second. `per_second` is the stated rate of requests, above 0, which the result was
/// simulated at; of a closed loop, its throughput. Nothing where nothing was answered.
[[nodiscard]] std::optional<ServingEnergy> serving_energy(const InstancePower& power, const ServingResult& result,
                                                          double per_second);

/// The same at capacity, where no instance ever waits and each batch is full: 1000 P_busy n / capacity.
[[nodiscard]] ServingEnergy energy_at_capacity(const InstancePower& power, std::uint32_t instances, double capacity);

}  // namespace fedgram::serving
