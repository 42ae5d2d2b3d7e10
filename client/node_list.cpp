#include "client/node_list.hpp"

#include "common/error/error.hpp"

namespace fedgram::client {

protocol::NodeSet parse_node_list(const std::string& text)
{
    if (auto nodes = protocol::NodeSet::parse(text)) return *std::move(nodes);
    throw SpecError{"--nodes: \"" + text + "\" is no list of nodes; use numbers and ranges below " +
                    std::to_string(protocol::NodeSet::limit) + ", each node once, as in 0-4,7"};
}

}  // namespace fedgram::client
