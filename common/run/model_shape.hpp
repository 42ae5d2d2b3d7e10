#pragma once

#include <filesystem>

#include "common/learning/model/model.hpp"

namespace fedgram::run {

/// What goes into and out of the models of a run, by its inputs.json. Throws DataError that names the file: not there,
/// damaged, or of a version that didn't say it.
[[nodiscard]] learning::Shape model_shape(const std::filesystem::path& folder);

}  // namespace fedgram::run
