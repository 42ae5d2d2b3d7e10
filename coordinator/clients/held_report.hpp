#pragma once

#include "common/protocol/messages.hpp"
#include "common/protocol/node_set.hpp"
#include "coordinator/clients/host_report.hpp"

namespace fedgram::coordinator {

/// What a client says its host spent on one of the nodes whose updates it holds. What it says of the process since its
/// last report comes with the first of them. Throws what `host_report` throws.
[[nodiscard]] HostReport held_report(const wire::NodesHeld& held, int place, const protocol::NodeSet& hosted);

}  // namespace fedgram::coordinator
