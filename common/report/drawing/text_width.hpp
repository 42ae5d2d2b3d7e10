#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fedgram::report {

/// Eight points, in millimetres: what a paper's figures are set in.
inline constexpr double font_size = 8 * 25.4 / 72;
/// From one line of text to the next.
inline constexpr double line_height = font_size * 1.25;

/// How wide a text is at most, in millimetres: the reader's font isn't known, so a wide one is taken.
[[nodiscard]] double text_width(std::string_view text);

/// The text in lines no wider than `width`, broken at blanks, and within a word that is wider by itself.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, double width);

/// The width of the widest.
[[nodiscard]] double widest(const std::vector<std::string>& lines);

}  // namespace fedgram::report
