#pragma once

#include <string>
#include <string_view>

namespace fedgram::text {

/// With control characters as "\x0a", so that a path of any bytes stays in its line.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace fedgram::text
