#pragma once

#include <string_view>

#include "common/energy/logs/power_log.hpp"

namespace fedgram::power_logs {

/// What nvidia-smi's power.draw is on the GPU of this product name, "NVIDIA A100-SXM4-40GB". Unknown for a name that
/// tells no generation.
[[nodiscard]] Draw draw_of_gpu(std::string_view product);

}  // namespace fedgram::power_logs
