#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/report/lifecycle/lifecycle.hpp"

namespace fedgram::report {

/// With units in the keys, unrounded; null is unknown.
[[nodiscard]] nlohmann::ordered_json spent_json(const Spent& spent);
[[nodiscard]] nlohmann::ordered_json plan_json(const LifePlan& plan);

/// What others have said of the share of inference.
[[nodiscard]] nlohmann::ordered_json published_json();

/// What a page prices the lives by, whatever the number of predictions and the years: common/report/page/README.md has
/// its keys.
[[nodiscard]] nlohmann::ordered_json life_bases_json(const Lifecycle& lives);

}  // namespace fedgram::report
