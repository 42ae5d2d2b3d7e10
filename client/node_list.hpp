#pragma once

#include <string>

#include "common/protocol/node_set.hpp"

namespace fedgram::client {

/// "0-4,7" is 0, 1, 2, 3, 4, 7. Throws SpecError for anything else, and for a node named twice.
[[nodiscard]] protocol::NodeSet parse_node_list(const std::string& text);

}  // namespace fedgram::client
