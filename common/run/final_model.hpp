#pragma once

#include <string>

#include "common/run/summary.hpp"

namespace fedgram::run {

/// Why this training of the run has no final model: "diverged", or "hasn't ended"; empty where it has one.
[[nodiscard]] std::string why_no_final_model(const RunSummary& summary, const std::string& training);

}  // namespace fedgram::run
