#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "coordinator/rounds/host.hpp"

namespace fedgram::coordinator {

/// Which client hosts which node: each node has one host at most. Eight bytes a node. What a client that comes or goes
/// costs depends on its own nodes alone.
class NodeHosts {
public:
    struct Taken {
        std::uint32_t node = 0;
        ClientId host = 0;

        friend bool operator==(const Taken&, const Taken&) = default;
    };

    explicit NodeHosts(std::uint32_t nodes) : host_(nodes) {}

    /// This client hosts them from now on. Where another hosts one of them already, nothing changes, and the first such
    /// node is given back. All must be below the number of nodes.
    [[nodiscard]] std::optional<Taken> claim(const protocol::NodeSet& nodes, ClientId client);
    /// Those of them that this client hosts have no host any more.
    void release(const protocol::NodeSet& nodes, ClientId client);

private:
    std::vector<ClientId> host_;  // 0: nobody
};

}  // namespace fedgram::coordinator
