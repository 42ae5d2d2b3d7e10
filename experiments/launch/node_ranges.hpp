#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fedgram::experiments {

/// `nodes` dealt out evenly to `processes` (at most `nodes`), in contiguous ranges: 5 to 2 gives "0-1" and "2-4".
[[nodiscard]] std::vector<std::string> node_ranges(std::uint32_t nodes, std::uint32_t processes);

}  // namespace fedgram::experiments
