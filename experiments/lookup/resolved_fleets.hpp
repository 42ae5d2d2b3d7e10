#pragma once

#include "common/carbon/assumptions/accounting.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::experiments {

/// Replaces the names in the fleets of `experiment` by what they stand for, and checks what fleet, hours, selection and
/// grids say of each other. Fleets of one kind become part of `accounting`. Throws SpecError.
void resolve_fleets(spec::Experiment& experiment, carbon::Accounting& accounting);

}  // namespace fedgram::experiments
