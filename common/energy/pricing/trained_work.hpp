#pragma once

#include <span>

#include "common/energy/work/work.hpp"

namespace fedgram::carbon {

/// What the devices trained. What the coordinator evaluates and aggregates isn't in it.
[[nodiscard]] energy::Work trained_work(std::span<const energy::PhaseWork> training);

}  // namespace fedgram::carbon
