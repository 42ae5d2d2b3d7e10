#pragma once

#include <filesystem>
#include <string>

#include "common/spec/experiment.hpp"

namespace fedgram::experiments {

/// The resolved specification of a run. Throws DataError where the folder holds none, SpecError for an imported run.
[[nodiscard]] spec::Experiment experiment_of(const std::filesystem::path& run);

/// Its training with this label, or the first with an empty one. Throws SpecError that lists the labels where none has
/// it.
[[nodiscard]] const spec::Training& chosen_training(const spec::Experiment& experiment, const std::string& label);

}  // namespace fedgram::experiments
