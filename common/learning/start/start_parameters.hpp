#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// The parameters that a model's trainings begin with, from the file of a trained one: a LABEL.pt of the native
/// engine's, or a .fgm whose tensors are floats in whatever form. Its tensors are the model's by name and shape; what
/// other layers there are doesn't matter. Throws, in a line that begins with "model.start: ": SystemError where the
/// file can't be read; DataError for what is no such file, the first tensor that doesn't fit, and the first value that
/// is no finite number.
[[nodiscard]] std::vector<float> start_parameters(const Model& model, const std::filesystem::path& path);

}  // namespace fedgram::learning
