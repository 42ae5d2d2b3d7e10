#pragma once

#include <torch/script.h>

#include <string>

#include "common/learning/engine/engine.hpp"

namespace fedgram::learning::torch_engine {

/// The batch's images as [N,C,H,W] in the host's memory.
/// Why a model fails on a batch, with the way out where LibTorch means that one sample has no variance.
[[nodiscard]] std::string failure_text(const std::string& where, std::size_t count, const std::string& reason);

[[nodiscard]] torch::Tensor pixels_of(const Batch& batch, const Shape& shape);

/// Its labels; a view into the batch.
[[nodiscard]] torch::Tensor labels_of(const Batch& batch);

/// How well `logits` [N,classes], in the host's memory, tell the labels.
[[nodiscard]] Score score_of(const torch::Tensor& logits, std::span<const std::int64_t> labels);

}  // namespace fedgram::learning::torch_engine
