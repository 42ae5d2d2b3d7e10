#pragma once

#include <string>

#include "common/energy/meters/attempt.hpp"

namespace fedgram::energy {

/// The UUID of the GPU that a process's device "cuda" is, as Nvml::uuid writes it. Only CUDA tells: by
/// CUDA_VISIBLE_DEVICES and CUDA_DEVICE_ORDER its first GPU may be any of the driver's.
[[nodiscard]] Attempt<std::string> first_cuda_board(const std::string& library = "libcuda.so.1");

}  // namespace fedgram::energy
