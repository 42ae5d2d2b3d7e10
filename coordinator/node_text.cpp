#include "coordinator/node_text.hpp"

#include "common/protocol/node_set.hpp"

namespace fedgram::coordinator {

std::string node_text(std::span<const std::uint32_t> nodes) { return protocol::NodeSet{nodes}.text(); }

}  // namespace fedgram::coordinator
