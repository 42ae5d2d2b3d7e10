#pragma once

#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "experiments/lookup/serving_lookup.hpp"

namespace fedgram::experiments {

/// For each profile a line on how its figures are known: which of them are assumed, and which recalled.
[[nodiscard]] std::vector<std::string> standing_notes(std::span<const ServedDevice> profiles);

/// All their figures with band, standing and source.
[[nodiscard]] std::string figures_text(std::span<const ServedDevice> profiles);
/// By device and key.
[[nodiscard]] nlohmann::ordered_json figures_json(std::span<const ServedDevice> profiles);

}  // namespace fedgram::experiments
