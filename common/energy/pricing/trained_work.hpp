#pragma once

#include <span>

#include "common/energy/work/work.hpp"

namespace fedgram::energy {

/// What the devices trained. What the coordinator evaluates and aggregates isn't in it.
[[nodiscard]] Work trained_work(std::span<const PhaseWork> training);

}  // namespace fedgram::energy
