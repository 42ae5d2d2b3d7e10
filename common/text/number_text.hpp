#pragma once

#include <string>

namespace fedgram::text {

/// The fewest digits that read back to the same number: "1.67".
[[nodiscard]] std::string shortest(double value);

/// So many significant digits, never with an exponent: "0.0123", "1.20", "12,300" as "12300".
[[nodiscard]] std::string significant(double value, int digits = 3);

/// So many digits behind the point: fixed(0.5, 1) is "0.5".
[[nodiscard]] std::string fixed(double value, int digits);

/// A fraction of 1 in per cent: "90.1 %"; "unknown" of NaN. Rounded down, so that no accuracy below a target reads like
/// one at it.
[[nodiscard]] std::string percent(double fraction);

}  // namespace fedgram::text
