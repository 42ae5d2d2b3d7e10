#pragma once

#include <string>

#include "common/learning/model/model.hpp"

namespace fedgram::experiments {

/// A built-in model for 28 x 28 grey pixels and 10 classes. Throws SpecError for an unknown name (lists the known
/// ones).
[[nodiscard]] learning::Model builtin_model(const std::string& name);

}  // namespace fedgram::experiments
