#pragma once

#include <optional>
#include <string>

#include "common/learning/model/model.hpp"

namespace fedgram::learning::torchscript {

/// What a layer's `forward` makes of `x`, as a TorchScript expression; `self` is the layer's module, which holds its
/// weight and bias.
[[nodiscard]] std::string forward_expression(const spec::Layer& layer);

/// What the layer's module calls this parameter ("weight"), or nothing when it is another layer's.
[[nodiscard]] std::optional<std::string> parameter_of(const LayerInfo& layer, const ParameterSlot& slot);

/// The source of the module `__torch__.fedgram` as a TorchScript archive holds it: the class `Net` of the model, and
/// one for each layer, of the layer's name.
[[nodiscard]] std::string torchscript_code(const Model& model);

}  // namespace fedgram::learning::torchscript
