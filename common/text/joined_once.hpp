#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fedgram::carbon {

/// The texts in their order with `separator` between them; what comes again is left out.
[[nodiscard]] std::string joined_once(std::span<const std::string> texts, std::string_view separator);

}  // namespace fedgram::carbon
