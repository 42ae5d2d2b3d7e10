#pragma once

#include <cstdint>
#include <string>

#include "common/protocol/node_set.hpp"

namespace fedgram::coordinator {

/// A client's connection. Counted from 1, and never used twice: a client that connects again gets another.
using ClientId = std::uint64_t;

/// A client as a round sees it.
struct Host {
    ClientId client = 0;
    std::string machine;      ///< the same for all clients of one machine
    std::uint32_t cores = 1;  ///< nodes of that machine that may train at once
    protocol::NodeSet nodes;
    bool is_local = false;  ///< a process of the coordinator's own machine and run
};

}  // namespace fedgram::coordinator
