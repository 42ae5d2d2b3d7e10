#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "common/spec/experiment.hpp"

namespace fedgram::experiments {

/// Makes these reductions of a run's final models, one after the other, and leaves their files in the run's folder,
/// which must be kept for this process. One that is there already isn't made again. Says on standard error how each
/// ended. Throws SpecError for a lever that doesn't fit, DataError for a model that isn't there or is damaged, and
/// where the data are others than the run's.
void run_reductions(const std::filesystem::path& run, const spec::Experiment& experiment,
                    std::span<const spec::Reduction> reductions,
                    const std::optional<std::filesystem::path>& data_folder);

}  // namespace fedgram::experiments
