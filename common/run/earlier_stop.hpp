#pragma once

#include <span>

#include "common/run/round_line.hpp"
#include "common/run/run_record.hpp"

namespace fedgram::run {

/// Makes of `run` what it would be had its target been `target`: each training ends with the first evaluation that ends
/// it by the run's rule, and the work of later rounds is gone. `rounds` are the run's. One that never gets there keeps
/// all of its work, as not reached. Throws SpecError unless `target` is in (0, 1) and at most the run's own target,
/// where its trainings stopped.
void stop_at(RunRecord& run, std::span<const RoundLine> rounds, double target);

}  // namespace fedgram::run
