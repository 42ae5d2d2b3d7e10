#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace fedgram::coordinator {

/// Ascending nodes as people read them: "0-4,7".
[[nodiscard]] std::string node_text(std::span<const std::uint32_t> nodes);

}  // namespace fedgram::coordinator
