#pragma once

#include <optional>
#include <string_view>

#include "common/energy/logs/log_text.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::power_logs {

/// No device of which anybody keeps a log draws more.
inline constexpr Watts most_plausible{100'000};

/// The finite number that all of `text` spells, but for blanks around it.
[[nodiscard]] std::optional<double> number_of(std::string_view text);

/// The same, of the column `name`. Throws DataError with the line for any other text, and says so of a decimal comma.
[[nodiscard]] double number_in(const LogLine& line, std::string_view name, std::string_view text);

/// The same, of at least 0.
[[nodiscard]] double not_negative_in(const LogLine& line, std::string_view name, std::string_view text);

/// The power in the column `name`. Throws DataError with the line for a text that is none, for less than 0, and for
/// more than `most_plausible`.
[[nodiscard]] Watts watts_in(const LogLine& line, std::string_view name, std::string_view text);

/// `power` itself, which the line's `name` comes to. Throws DataError as above.
Watts plausible(const LogLine& line, std::string_view name, Watts power);

}  // namespace fedgram::power_logs
