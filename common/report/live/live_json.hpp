#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/report/live/live_run.hpp"

namespace fedgram::report {

// What the page of a run that goes on is told of it, piece by piece. common/report/page/README.md has the keys.

/// What doesn't change: name, target, trainings.
[[nodiscard]] nlohmann::ordered_json live_start_json(const LiveRun& run);

/// How many points of each training a viewer has.
using PointsSeen = std::vector<std::size_t>;

/// The points behind those that were seen, as columns by training; null where there are none. `seen` goes on to the
/// end.
[[nodiscard]] nlohmann::ordered_json live_points_json(const LiveRun& run, PointsSeen& seen);

/// Where the run stands now.
[[nodiscard]] nlohmann::ordered_json live_state_json(const LiveRun& run);

/// "2026-01-31T12:00:00Z update refused: training iid, round 3, node 4"
[[nodiscard]] std::string event_text(const run::Event& event);

}  // namespace fedgram::report
