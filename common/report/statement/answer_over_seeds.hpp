#pragma once

#include <span>
#include <string>

#include "common/report/seeds/seed_table.hpp"

namespace fedgram::report {

/// What `answer` says of one run, of runs that differ in the seed alone: by means, and by the columns that each run has
/// a result in. Federated training emits more, or less, where it does in every run, whatever values the figures have
/// within their bands; otherwise nobody knows.
[[nodiscard]] std::string answer_over_seeds(std::span<const SeededTable> runs);

}  // namespace fedgram::report
