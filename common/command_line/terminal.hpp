#pragma once

#include <cstddef>
#include <string>

namespace fedgram::command_line {

/// What standard error is, for lines that move.
struct Terminal {
    bool moves = false;       ///< a line can be overwritten: it is a terminal, and TERM isn't "dumb"
    bool has_colour = false;  ///< and NO_COLOR is not set (no-color.org)

    /// As it is now.
    [[nodiscard]] static Terminal of_standard_error();
    /// In columns, as they are now; 80 where it can't be told.
    [[nodiscard]] static std::size_t width();
};

/// What a line on standard error begins with, so that nothing is left of a moving line that another process of the run
/// has written there; empty where lines don't move.
[[nodiscard]] std::string line_start();

}  // namespace fedgram::command_line
