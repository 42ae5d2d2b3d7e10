#pragma once

#include <string>
#include <vector>

#include "common/report/live/live_run.hpp"
#include "common/tensorboard/event_file.hpp"

namespace fedgram::report {

/// What TensorBoard shows of a point, by tag; energy and grams so far are under "cost". What isn't known is left out.
[[nodiscard]] std::vector<tensorboard::Scalar> live_scalars(const LivePoint& point, const std::string& country);

}  // namespace fedgram::report
