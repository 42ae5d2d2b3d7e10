#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/layer.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// A specification's key `model`, or another one: a built-in model's name, a list of layers, or a TorchScript file.
/// Throws SpecError, unless `spec` keeps its mistakes.
[[nodiscard]] ModelSpec parse_model(StrictObject& spec, std::string_view key = "model");
/// Parses back to the same model.
[[nodiscard]] nlohmann::ordered_json to_json(const ModelSpec& model);

}  // namespace fedgram::spec
