#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/energy/devices/inference_device.hpp"
#include "common/energy/devices/memory_fit.hpp"
#include "common/energy/work/work.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// One request, answered by itself, at batch 1.
struct InferenceDemand {
    Work work;                   ///< in float32; in int8 its FLOPs are 0
    std::uint64_t int8_ops = 0;  ///< 2 per multiply-accumulate; 0 of a model in float32
    MemoryNeed memory;
};

/// What the price of a request's computing rests on: a measured row of inference in its numbers; in float32 one of
/// int8, slowed down; without any, the device profile, as a training's; or the record of a device that answers batches
/// (served_inference.hpp).
enum class RequestBasis { measured, slowed_down, training, served };

/// "measured inference", "measured inference in int8, slowed down", "the device profile, as training", "serving record"
[[nodiscard]] std::string_view name(RequestBasis basis);

/// What a request takes at a load: of the device alone, before any PUE.
struct InferenceEnergy {
    Seconds service;              ///< that a device computes
    std::uint64_t instances = 1;  ///< devices that the load takes
    Joules busy;                  ///< while one computes
    std::optional<Joules> idle;   ///< while they wait, for each request; nothing where that power isn't known
    RequestBasis basis = RequestBasis::measured;  ///< of `service` and `busy`

    [[nodiscard]] Joules sum() const { return busy + idle.value_or(Joules{}); }
};

/// A device's answer to a demand.
struct InferenceCost {
    std::optional<InferenceEnergy> energy{};  ///< nothing: it can't
    std::string why_not{};                    ///< then
    bool is_too_large = false;                ///< then: the model doesn't fit into its memory
};

/// `per_second` requests, above 0, go to as few devices as are not overloaded:
///
///     instances = ceil(rate S),   J = P_idle (instances / rate - S) + J_busy
///
/// with the service time S. A faster model draws less in the second term alone, until it needs fewer devices. It is
/// priced by the rate that measurements of inference gave, or, in float32 without one, as training is
/// (compute_time.hpp).
[[nodiscard]] InferenceCost inference_cost(const InferenceDemand& demand, const InferenceDevice& device,
                                           double per_second);

}  // namespace fedgram::energy
