#pragma once

#include <string>

#include "common/spec/experiment.hpp"

namespace fedgram::learning {

/// Why this machine can't train in bfloat16, and the way out; empty where it can.
[[nodiscard]] std::string missing_for_bf16();

/// Throws SystemError, naming the training and its key, where this machine can't train in the precision that it asks
/// for.
void check_precision(const spec::Training& training);

}  // namespace fedgram::learning
