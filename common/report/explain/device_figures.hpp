#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/inference_device.hpp"
#include "common/energy/devices/serving_profile.hpp"

namespace fedgram::report {

/// "2.5 (1 to 5), fitted: SOURCE"
[[nodiscard]] std::string figure_text(const energy::Figure& figure);

/// All figures by which a device answers requests: of its device profile, and of its measured inference.
[[nodiscard]] std::string figures_section(const energy::InferenceDevice& device);
/// The same of a record of answering batches.
[[nodiscard]] std::string figures_section(const energy::ServingProfile& device);
/// The same by key, below `profile` and `inference`.
[[nodiscard]] nlohmann::ordered_json figures_json(const energy::InferenceDevice& device);
/// By key.
[[nodiscard]] nlohmann::ordered_json figures_json(const energy::ServingProfile& device);

}  // namespace fedgram::report
