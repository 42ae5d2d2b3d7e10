#pragma once

#include "common/learning/levers/candidate.hpp"
#include "common/learning/levers/reduction_result.hpp"

namespace fedgram::learning {

/// What one inference of the candidate takes at batch 1. A device computes densely, so that pruned and shared weights
/// cost what others do: they are small in a file. In int8, weights and activations are a byte each, and each
/// multiplication and addition an operation of int8.
[[nodiscard]] InferenceWork inference_work(const Candidate& candidate);

}  // namespace fedgram::learning
