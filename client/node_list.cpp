#include "client/node_list.hpp"

#include "common/error/error.hpp"
#include "common/protocol/node_set.hpp"

namespace fedgram::client {

std::vector<std::uint32_t> parse_node_list(const std::string& text)
{
    if (const auto nodes = protocol::NodeSet::parse(text)) return nodes->ids();
    throw SpecError{"--nodes: \"" + text + "\" is no list of nodes; use numbers and ranges below " +
                    std::to_string(protocol::NodeSet::limit) + ", each node once, as in 0-4,7"};
}

}  // namespace fedgram::client
