#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "common/learning/model/operator_cost.hpp"

namespace fedgram::experiments {

/// What each operator of a TorchScript model costs, and what all do, beside LibTorch's own count of the forward FLOPs:
/// "none" where it has none, and "unknown" for an operator that isn't known. Below it, whether both counts agree.
[[nodiscard]] std::string operator_text(const learning::ItemizedCost& cost);

/// The same as an object, with null for both.
[[nodiscard]] nlohmann::ordered_json operator_json(const learning::ItemizedCost& cost);

}  // namespace fedgram::experiments
