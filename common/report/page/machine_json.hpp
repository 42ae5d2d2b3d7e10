#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/run/summary.hpp"

namespace fedgram::report {

/// The machine that simulated a run, as pages have it: `cpu_model`, `engine`, `fedgram`.
[[nodiscard]] nlohmann::ordered_json machine_json(const run::RunSummary& summary);

}  // namespace fedgram::report
