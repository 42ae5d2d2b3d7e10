#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/figure.hpp"
#include "common/energy/devices/serving_profile.hpp"
#include "common/report/table/reductions.hpp"

namespace fedgram::report {

/// "2.5 (1 to 5), fitted: SOURCE"
[[nodiscard]] std::string figure_text(const energy::Figure& figure);

/// All figures by which a device answers requests: of its device profile, of its measured inference, and of its serving
/// record.
[[nodiscard]] std::string figures_section(const RequestDevice& device);
[[nodiscard]] std::string figures_section(const energy::ServingProfile& device);
/// The same by key, below `profile`, `inference` and `serving`.
[[nodiscard]] nlohmann::ordered_json figures_json(const RequestDevice& device);
/// By key.
[[nodiscard]] nlohmann::ordered_json figures_json(const energy::ServingProfile& device);

}  // namespace fedgram::report
