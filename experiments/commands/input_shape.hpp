#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/learning/model/model.hpp"

namespace fedgram::experiments {

/// What a model takes and gives: `input` is channels x height x width, as in 3x32x32. What isn't given is as with
/// Fashion-MNIST. Throws SpecError for an input of another form.
[[nodiscard]] learning::Shape input_shape(const std::optional<std::string>& input,
                                          const std::optional<std::uint32_t>& classes);

/// "Samples of 3x32x32, 100 classes."
[[nodiscard]] std::string input_shape_text(const learning::Shape& shape);

}  // namespace fedgram::experiments
