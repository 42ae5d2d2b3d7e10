#pragma once

#include <torch/script.h>

#include "common/learning/engine/engine.hpp"

namespace fedgram::learning::torch_engine {

/// The batch's images as [N,C,H,W] in the host's memory.
[[nodiscard]] torch::Tensor pixels_of(const Batch& batch, const Shape& shape);

/// Its labels; a view into the batch.
[[nodiscard]] torch::Tensor labels_of(const Batch& batch);

/// How well `logits` [N,classes], in the host's memory, tell the labels.
[[nodiscard]] Score score_of(const torch::Tensor& logits, std::span<const std::int64_t> labels);

}  // namespace fedgram::learning::torch_engine
