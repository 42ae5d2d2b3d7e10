#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/learning/model/model.hpp"
#include "common/run/checkpoint.hpp"
#include "common/run/run_folder.hpp"
#include "common/spec/experiment.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::coordinator {

/// What the interrupted run was made of; borrowed for the call.
struct ResumedRun {
    const spec::Experiment& experiment;  ///< its own: of its spec.json
    const datasets::Dataset& data;
    const learning::Model& model;
    const carbon::Accounting& accounting;
};

/// Where a run begins.
[[nodiscard]] run::Checkpoint first_checkpoint(const spec::Experiment& experiment);

/// Where an interrupted run goes on: its last good checkpoint, or its beginning; nothing where the run is over. What
/// was done after that point is in the folder as wasted work. May be called again with the same result. `say` tells the
/// user. Throws DataError where no checkpoint is whole, or the last belongs to another specification.
[[nodiscard]] std::optional<run::Checkpoint> resume(run::RunFolder& folder, const ResumedRun& run,
                                                    const std::function<void(const std::string&)>& say);

}  // namespace fedgram::coordinator
