#pragma once

#include <vector>

#include "experiments/lookup/serving_lookup.hpp"

namespace fedgram::experiments {

/// The device at both ends of its figures' bands (serving_ends.hpp). Of one that answers one by one: each of its
/// measured set-ups, with its other figures at either end.
[[nodiscard]] std::vector<ServedDevice> ends_of(const ServedDevice& device);

}  // namespace fedgram::experiments
