#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace fedgram::text {

/// A date and a time of day, as they are written.
struct WrittenTime {
    std::chrono::sys_seconds clock{};             ///< what the clock says, as if it were UTC
    std::optional<std::chrono::minutes> ahead{};  ///< of UTC; nothing where the text names no zone
};

/// "2020-09-14T08:00:00+02:00", also with a blank for the T, with '/' for '-', without the seconds, with zeros behind
/// them (.000), with a zone as utc_offset reads it, or without one. Nothing for any other text or a day that the
/// calendar lacks.
[[nodiscard]] std::optional<WrittenTime> written_time(std::string_view text);

/// "Z", "UTC", "+02:00", "+0200", "-05": how far a zone is ahead of UTC, 14 hours at most. Nothing for any other text.
[[nodiscard]] std::optional<std::chrono::minutes> utc_offset(std::string_view text);

/// Takes `count` digits from the text's beginning; where there are fewer, the text stays.
[[nodiscard]] std::optional<int> take_digits(std::string_view& text, std::size_t count);
/// The same behind a character of `separators`, which is taken also where the digits then aren't there.
[[nodiscard]] std::optional<int> take_digits(std::string_view& text, std::size_t count, std::string_view separators);

}  // namespace fedgram::text
