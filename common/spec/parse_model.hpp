#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/spec/experiment.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// A specification's key `model`: a built-in model's name, a list of layers, or a TorchScript file. Throws SpecError,
/// unless `spec` keeps its mistakes.
[[nodiscard]] ModelSpec parse_model(StrictObject& spec);
/// What stands under the key; parse_model reads it back equal.
[[nodiscard]] nlohmann::ordered_json to_json(const ModelSpec& model);

}  // namespace fedgram::spec
