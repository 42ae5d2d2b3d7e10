#pragma once

namespace fedgram::run {

/// Of a run folder: where the clients that `fedgram run` starts keep what only their nodes can know. Of no use once the
/// run is over.
inline constexpr const char* node_state_folder = "node-state";

}  // namespace fedgram::run
