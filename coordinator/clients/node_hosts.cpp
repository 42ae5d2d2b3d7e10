#include "coordinator/clients/node_hosts.hpp"

#include <algorithm>
#include <cassert>

namespace fedgram::coordinator {

std::optional<NodeHosts::Taken> NodeHosts::claim(const protocol::NodeSet& nodes, ClientId client)
{
    assert(nodes.empty() || nodes.ranges().back().last < host_.size());
    for (const auto& [first, last] : nodes.ranges())
        for (auto node = first; node <= last; ++node)
            if (host_[node] != 0 && host_[node] != client) return Taken{node, host_[node]};
    for (const auto& [first, last] : nodes.ranges())
        for (auto node = first; node <= last; ++node) host_[node] = client;
    return std::nullopt;
}

void NodeHosts::release(const protocol::NodeSet& nodes, ClientId client)
{
    for (const auto& [first, last] : nodes.ranges())
        for (auto node = first; node <= last; ++node)
            if (host_[node] == client) host_[node] = 0;
}

}  // namespace fedgram::coordinator
