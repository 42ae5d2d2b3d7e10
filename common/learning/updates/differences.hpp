#pragma once

#include <span>

namespace fedgram::learning {

// Models and differences of models, parameter by parameter: one IEEE operation of float32 each, the same on every CPU.
// Both have the same size and share no memory.

void add(std::span<float> values, std::span<const float> addend);
void subtract(std::span<float> values, std::span<const float> subtrahend);

}  // namespace fedgram::learning
