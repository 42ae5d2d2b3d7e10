#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "experiments/sweep/search_result.hpp"
#include "experiments/sweep/sweep_results.hpp"

namespace fedgram::experiments {

/// The data document of a sweep's page, which common/report/page/README.md has the keys of. `folder` is what the sweep
/// is called there. Numbers are unrounded. Throws DataError where no run is whole.
[[nodiscard]] nlohmann::ordered_json sweep_data(const SweepPlan& plan, const SweepResults& results,
                                                const std::optional<SearchResult>& search, const std::string& folder,
                                                const std::string& version);

/// What `fedgram report --json` says of a sweep: the plan, the runs that are lacking, the rows of sweep.csv, and what
/// came of a search.
[[nodiscard]] nlohmann::ordered_json sweep_json(const SweepPlan& plan, const SweepResults& results,
                                                const std::optional<SearchResult>& search);

}  // namespace fedgram::experiments
