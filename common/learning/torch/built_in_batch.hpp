#pragma once

#include <cstdint>
#include <optional>

#include <torch/script.h>

#include "common/learning/model/model.hpp"

namespace fedgram::learning::torch_engine {

/// The one batch size that a failing module works on, where its code states one: a trace keeps a size that Python
/// computed as the number that it was. Nothing where the module fails for another reason, or a batch is above 256.
[[nodiscard]] std::optional<std::int64_t> built_in_batch(torch::jit::Module& module, const Shape& shape);

}  // namespace fedgram::learning::torch_engine
