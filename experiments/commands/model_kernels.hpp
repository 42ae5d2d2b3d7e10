#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "common/learning/model/kernels.hpp"

namespace fedgram::experiments {

// How `fedgram models` shows kernels, of layers and of operators alike.

/// "3 + 8": forward and backward.
[[nodiscard]] std::string kernel_text(const learning::LayerKernels& kernels);
/// Of a whole training step, by optimizer.
[[nodiscard]] nlohmann::ordered_json step_kernels_json(const learning::LayerKernels& kernels);
/// The same as a line of text.
[[nodiscard]] std::string step_kernels_text(const learning::LayerKernels& kernels);

}  // namespace fedgram::experiments
