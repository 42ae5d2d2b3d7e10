#pragma once

#include <filesystem>
#include <string>

#include "experiments/sweep/sweep_plan.hpp"

namespace fedgram::experiments {

/// The name of the file in a sweep's folder that says which sweep its runs are of.
inline constexpr const char* sweep_file = "sweep.json";

/// What that file holds: the format's version, and the sweep as its own file has it.
[[nodiscard]] std::string sweep_text(const SweepPlan& plan);

/// Whether `fedgram sweep` wrote to the folder, of whatever version it was.
[[nodiscard]] bool is_sweep_folder(const std::filesystem::path& folder);

/// FOLDER/sweep.json. Throws DataError that names file and key; where there is none, as in a folder of an earlier
/// version, with the way out.
[[nodiscard]] SweepPlan read_sweep_file(const std::filesystem::path& folder);

}  // namespace fedgram::experiments
