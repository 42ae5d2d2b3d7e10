#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/report/lifecycle/lifecycle.hpp"

namespace fedgram::report {

/// Where a data centre's lives stand without the network to their clients: one sentence that stands on top.
[[nodiscard]] std::optional<std::string> network_warning(const Lifecycle& lives);

/// What counts by assumption, what doesn't count at all, and which figures aren't known; as sentences. None of them
/// hangs on the number of predictions or on the years.
[[nodiscard]] std::vector<std::string> life_notes(const Lifecycle& lives);

/// All figures by which the places of possible lives answer, each with its standing and source, as fedgram explain has
/// them; each place once.
[[nodiscard]] std::string life_figures(const Lifecycle& lives);
/// The same by device, below `profile`, `inference` and `serving`.
[[nodiscard]] nlohmann::ordered_json life_figures_json(const Lifecycle& lives);

}  // namespace fedgram::report
