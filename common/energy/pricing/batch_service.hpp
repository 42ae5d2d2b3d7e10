#pragma once

#include <cstdint>

#include "common/energy/devices/serving_profile.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What answers take of a device, in numbers of one kind.
struct BatchDemand {
    Arithmetic arithmetic = Arithmetic::fp32;
    std::uint64_t macs = 0;                   ///< multiply-accumulates of a sample
    std::uint64_t weight_bytes = 0;           ///< read once for each batch
    std::uint64_t activation_bytes = 0;       ///< read and written for each sample
    std::uint64_t peak_activation_bytes = 0;  ///< of a sample, the most that is held at once
};

/// How long a device takes for a batch of b:
///
///     S(b) = floor + max(b MACs / rate, (weights + b activations) / bandwidth)
///
/// The larger of both, as computing and reading overlap (the roofline of Williams et al. 2009,
/// doi:10.1145/1498765.1498785). Where no bandwidth is known the second is left out; where a chip has
/// room for the activations of k samples, those of b - k are moved, and of the weights those that it doesn't keep.
struct BatchService {
    Seconds floor;                           ///< of each call; those of several instances overlap
    Seconds compute_each;                    ///< MACs / rate
    Seconds read_weights;                    ///< weights that aren't kept on the chip / bandwidth
    Seconds move_each;                       ///< activations / bandwidth
    std::uint32_t batch_that_fits_chip = 0;  ///< of so many the activations aren't moved

    /// What the device itself is busy with, without the floor.
    [[nodiscard]] Seconds on_device(std::uint32_t batch) const;
    [[nodiscard]] Seconds seconds(std::uint32_t batch) const { return floor + on_device(batch); }
};

/// The profile has a rate of such numbers.
[[nodiscard]] BatchService batch_service(const ServingProfile& device, const BatchDemand& demand);

}  // namespace fedgram::energy
