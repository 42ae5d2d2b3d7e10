#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fedgram::power_logs {

/// A line of a log that isn't blank. Its views end with the text and the name that it came from.
struct LogLine {
    std::string_view where;  ///< the log's name in errors
    std::size_t number{};    ///< from 1
    std::string_view text;   ///< without line end and the blanks around
    bool open = false;       ///< the last one, without a line end: it may have been cut off

    /// Throws DataError: "power.csv:7: WHAT".
    [[noreturn]] void refuse(const std::string& what) const;
};

/// The lines of `text` that aren't blank, whatever ends them, without a byte-order mark. Throws DataError for a text
/// without a line, and for bytes that no UTF-8 log has.
[[nodiscard]] std::vector<LogLine> log_lines(std::string_view text, std::string_view where);

/// Calls `take` with one line after the other. What it refuses in an open line is left out, with a note: the logger was
/// stopped within it. `take` must change nothing before it refuses.
void take_lines(std::span<const LogLine> lines, std::vector<std::string>& notes,
                const std::function<void(const LogLine&)>& take);

/// Without the blanks at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// What stands between blanks.
[[nodiscard]] std::vector<std::string_view> words(std::string_view text);

/// The text in quotes, as errors show it: its beginning, where it is long.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace fedgram::power_logs
