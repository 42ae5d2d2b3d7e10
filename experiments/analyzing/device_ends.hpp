#pragma once

#include <vector>

#include "experiments/lookup/serving_lookup.hpp"

namespace fedgram::experiments {

/// The device with all of its rates, bandwidths, times and watts at the ends of their bands at once: those that draw
/// least, and those that draw most. These are bounds, as a table's are (common/carbon/README.md). Of one that answers
/// one by one: each of its measured set-ups, with its other figures at either end. What it holds and takes stays.
[[nodiscard]] std::vector<ServedDevice> ends_of(const ServedDevice& device);

}  // namespace fedgram::experiments
