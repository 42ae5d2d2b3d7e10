#pragma once

#include <cstdint>
#include <string>

#include "common/energy/devices/inference_profile.hpp"

namespace fedgram::energy {

/// What a model takes of a device's memory, without a runtime's program and own data.
struct MemoryNeed {
    std::uint64_t model_bytes = 0;       ///< weights, scales and biases as they are stored
    std::uint64_t activation_bytes = 0;  ///< the most that is held at once
    std::string peak_operator;           ///< where: "pool1"
};

/// By how many bytes a model is too large; 0 where it fits, or where no limit is known.
struct MemoryFit {
    std::uint64_t flash_over = 0;
    std::uint64_t ram_over = 0;

    [[nodiscard]] bool fits() const { return flash_over == 0 && ram_over == 0; }
};

/// Weights go into flash. On a device whose RAM is known and which has no flash they share it with the activations.
[[nodiscard]] MemoryFit memory_fit(const InferenceProfile& device, const MemoryNeed& need);

/// "ndp9120: pool1 holds 62720 bytes of activations beside 1048576 of the model, 62720 more than the RAM of 1048576";
/// empty where it fits.
[[nodiscard]] std::string misfit_text(const InferenceProfile& device, const MemoryNeed& need);

}  // namespace fedgram::energy
