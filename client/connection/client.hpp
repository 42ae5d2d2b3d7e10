#pragma once

#include <optional>

#include "client/connection/client_options.hpp"
#include "client/training/training_resources.hpp"

namespace fedgram::client {

/// A client process: connects, hosts its nodes for the coordinator, and connects again as Reconnection decides, until
/// the coordinator says goodbye. `resources` are used if they serve the coordinator's specification. Throws SystemError
/// when there is no coordinator, or none any more; ProtocolError when it refuses this client; Interrupted after SIGINT
/// or SIGTERM.
void run_client(const Options& options, std::optional<TrainingResources> resources = std::nullopt);

}  // namespace fedgram::client
