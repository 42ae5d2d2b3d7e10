#pragma once

#include "common/protocol/messages.hpp"
#include "common/protocol/node_set.hpp"
#include "coordinator/clients/host_report.hpp"

namespace fedgram::coordinator {

/// What a client says its host spent on one of the nodes whose updates it holds. The process's CPU
/// seconds come with the first of them. Throws what `host_report` throws.
[[nodiscard]] HostReport held_report(const wire::NodesHeld& held, int place, const protocol::NodeSet& hosted);

/// What a client's own meters have read, as it says with a sum. Throws what `host_report` throws.
[[nodiscard]] HostReport sum_report(const wire::PartialSum& sum, const protocol::NodeSet& hosted);

}  // namespace fedgram::coordinator
