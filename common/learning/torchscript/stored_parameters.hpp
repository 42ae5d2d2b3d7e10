#pragma once

#include <filesystem>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning::torchscript {

/// The parameters in a TorchScript file of this model that `write_torchscript` wrote. Throws DataError that names the
/// file: not there, written by another program, of another model, cut off, or altered.
[[nodiscard]] std::vector<float> stored_parameters(const Model& model, const std::filesystem::path& path);

}  // namespace fedgram::learning::torchscript
