#pragma once

#include "common/spec/experiment.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// A specification's key `model`: a built-in model's name, a list of layers, or a TorchScript file. Throws SpecError,
/// unless `spec` keeps its mistakes.
[[nodiscard]] ModelSpec parse_model(StrictObject& spec);

}  // namespace fedgram::spec
