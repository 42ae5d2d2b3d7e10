#pragma once

#include <cstdint>
#include <optional>

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
///
/// Where the model was measured in a server on the device, that takes the roofline's place:
///
///     S(b) = batch_s + request_s b + engine(b)
///
/// It has several cores then, which engine, server and clients share.
struct BatchService {
    Seconds floor;                           ///< of each call
    Seconds compute_each;                    ///< MACs / rate
    Seconds read_weights;                    ///< weights that aren't kept on the chip / bandwidth
    Seconds move_each;                       ///< activations / bandwidth
    std::uint32_t batch_that_fits_chip = 0;  ///< of so many the activations aren't moved
    std::optional<ServedForm> form{};        ///< measured, in place of all of the above
    double cores = 1;

    /// Ahead of computing: those of several instances overlap.
    [[nodiscard]] Seconds before(std::uint32_t batch) const;
    /// Computing a batch, without what is before it.
    [[nodiscard]] Seconds on_device(std::uint32_t batch) const;
    [[nodiscard]] Seconds seconds(std::uint32_t batch) const { return before(batch) + on_device(batch); }

    /// Core-seconds of the server for a batch that is computed.
    [[nodiscard]] Seconds server_work(std::uint32_t batch) const;
    /// Of its clients, where they are on these cores.
    [[nodiscard]] Seconds client_work(std::uint32_t batch) const;
    /// Of both, where all cores are busy: no device does more of it than `cores` at a time. At least what keeps the
    /// throughput at the form's most_per_s.
    [[nodiscard]] Seconds work(std::uint32_t batch) const;
    /// For which a batch by itself keeps the device busy, all its cores at a time: what busy watts are drawn for.
    [[nodiscard]] Seconds busy(std::uint32_t batch) const;
};

/// The profile has a rate of such numbers.
[[nodiscard]] BatchService batch_service(const ServingProfile& device, const BatchDemand& demand);

/// The same where requests come by a clock, each by itself: `arrival_s` more of each.
[[nodiscard]] BatchService in_open_loop(BatchService service);

}  // namespace fedgram::energy
