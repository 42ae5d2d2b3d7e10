#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "common/spec/experiment.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::experiments {

/// Throws SpecError for a lever of the experiment's reductions that doesn't fit its model: their order, layers, ranks,
/// students, steps. Nothing is trained for it.
void check_reductions(const spec::Experiment& experiment, const datasets::Dataset& data);

/// Makes these reductions of a run's final models, as many at once as there are cores, and leaves their files in the
/// run's folder, which must be kept for this process. One that is there already isn't made again. Says on standard
/// error how each ended. One that fails doesn't keep the others from being made: what it threw is thrown at the end.
/// Throws SpecError for a lever that doesn't fit, for a training that hasn't ended, and where another reduction has the
/// label; DataError for a model that isn't there or is damaged, for a training that diverges, and where the data are
/// others than the run's.
void run_reductions(const std::filesystem::path& run, const spec::Experiment& experiment,
                    std::span<const spec::Reduction> reductions,
                    const std::optional<std::filesystem::path>& data_folder);

}  // namespace fedgram::experiments
