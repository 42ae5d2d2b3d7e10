#pragma once

#include "experiments/commands/models.hpp"

namespace fedgram::experiments {

/// `fedgram models FILE.pt`: what each operator of a TorchScript file costs, beside LibTorch's own count. Throws
/// SpecError for an input that isn't CxHxW.
[[nodiscard]] int torchscript_model(const ModelsOptions& options);

}  // namespace fedgram::experiments
