#pragma once

#include <filesystem>
#include <optional>

#include "common/energy/pricing/inference_energy.hpp"

namespace fedgram::experiments {

/// One request to the float32 model that a run trains, by its layers, as the figures of its reductions have it. Nothing
/// where the folder doesn't tell: a TorchScript model, imported work, a folder without inputs.json. Throws DataError
/// for a damaged file.
[[nodiscard]] std::optional<energy::InferenceDemand> own_request(const std::filesystem::path& run);

}  // namespace fedgram::experiments
