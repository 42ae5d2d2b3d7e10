#pragma once

#include <string>
#include <vector>

#include "common/spec/experiment.hpp"

namespace fedgram::experiments {

/// The federated training with this label, or all of them with an empty one. Throws SpecError that lists the labels
/// where none has it.
[[nodiscard]] std::vector<const spec::Training*> federated_trainings(const spec::Experiment& experiment,
                                                                     const std::string& label);

}  // namespace fedgram::experiments
