#pragma once

#include <string>

#include "common/learning/model/model.hpp"

namespace fedgram::experiments {

/// A built-in model, by default for 28 x 28 grey pixels and 10 classes, `width` times as wide as it stands. Throws
/// SpecError for an unknown name (lists the known ones), and for a shape that its layers don't fit.
[[nodiscard]] learning::Model builtin_model(const std::string& name, learning::Shape shape = {}, double width = 1);

}  // namespace fedgram::experiments
