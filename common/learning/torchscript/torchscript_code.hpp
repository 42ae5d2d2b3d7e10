#pragma once

#include <optional>
#include <string>

#include "common/learning/model/model.hpp"

namespace fedgram::learning::torchscript {

/// What a layer's `forward` makes of `x`, as a TorchScript expression; `self` is the layer's module, which holds its
/// weight and bias. For all but a residual.
[[nodiscard]] std::string forward_expression(const spec::Layer& layer);

/// The lines of a layer's `forward(self, x)`, each behind `indent`; a residual calls the modules of its layers.
[[nodiscard]] std::string forward_lines(const LayerInfo& layer, const std::string& indent);

/// Its name as an attribute of the module around it, and as a class: "conv3" of "residual1.conv3". No other layer of
/// the model has it.
[[nodiscard]] std::string own_name(const LayerInfo& layer);

/// What the layer's module calls this parameter ("weight"), or nothing when it is another layer's.
[[nodiscard]] std::optional<std::string> parameter_of(const LayerInfo& layer, const ParameterSlot& slot);

/// The source of the module `__torch__.fedgram` as a TorchScript archive holds it: the class `Net` of the model, and
/// one for each layer, of the layer's own name.
[[nodiscard]] std::string torchscript_code(const Model& model);

}  // namespace fedgram::learning::torchscript
