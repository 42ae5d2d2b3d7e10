#pragma once

#include "common/carbon/assumptions/accounting.hpp"
#include "common/learning/model/model.hpp"
#include "common/spec/experiment.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::experiments {

/// Throws SpecError where a federated training of a resolved `experiment` surely lasts longer than a grid by the hour
/// that its nodes draw from. A round lasts no shorter than the fastest cohort takes; how many there are is known where
/// there is no target. What may end a round or a training early (deadlines, hours, policies, asynchronous training)
/// is known only once it is done.
void check_hours_needed(const spec::Experiment& experiment, const carbon::Accounting& accounting,
                        const learning::Model& model, const datasets::Dataset& data);

}  // namespace fedgram::experiments
