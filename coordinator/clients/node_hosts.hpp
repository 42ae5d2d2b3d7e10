#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/protocol/node_set.hpp"

namespace fedgram::coordinator {

using ClientId = std::uint64_t;  // from 1

/// Which client hosts which node: each node has one host at most. Eight bytes a node; who comes and goes is looked up
/// by its own nodes alone, however many others there are.
class NodeHosts {
public:
    struct Taken {
        std::uint32_t node = 0;
        ClientId host = 0;

        friend bool operator==(const Taken&, const Taken&) = default;
    };

    explicit NodeHosts(std::uint32_t nodes) : host_(nodes) {}

    /// These are this client's from now on; or, where some are another's, none of them, and the first such is given
    /// back. All must be below the number of nodes.
    [[nodiscard]] std::optional<Taken> claim(const protocol::NodeSet& nodes, ClientId client);
    /// What this client has of them is free again.
    void release(const protocol::NodeSet& nodes, ClientId client);

private:
    std::vector<ClientId> host_;  // 0: nobody
};

}  // namespace fedgram::coordinator
