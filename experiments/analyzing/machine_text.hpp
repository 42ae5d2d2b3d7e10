#pragma once

#include <string>

namespace fedgram::experiments {

/// What serves on this machine: "AMD EPYC 9V74, avx512, 2 cores".
[[nodiscard]] std::string machine_text();

}  // namespace fedgram::experiments
