#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fedgram::client {

/// "0-4,7" is 0, 1, 2, 3, 4, 7. Throws SpecError for anything else, and for a node named twice.
[[nodiscard]] std::vector<std::uint32_t> parse_node_list(const std::string& text);

}  // namespace fedgram::client
