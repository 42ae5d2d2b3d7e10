#pragma once

#include <cstddef>
#include <utility>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// The rest, and a share of each class, rounded: at least one sample on each side where a class has two. It is the same
/// share for every experiment.
[[nodiscard]] std::pair<OwnedSplit, OwnedSplit> held_out(const OwnedSplit& all, double share, std::size_t classes);

}  // namespace fedgram::datasets
