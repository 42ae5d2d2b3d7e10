#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fedgram::text {

/// "2020-09-14T06:00:00Z" or, without seconds, "2020-09-14T06:00Z"; nothing for any other text or a day that the
/// calendar lacks.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_utc(std::string_view text);

/// "2020-09-14T06:00:00Z".
[[nodiscard]] std::string utc_text(std::chrono::sys_seconds time);

}  // namespace fedgram::text
