#pragma once

#include <optional>
#include <string>

namespace fedgram::report {

/// `amount` / `reference`; nothing when the reference is 0, as on a grid without emissions, or the amount
/// unknown (NaN): then there is no ratio.
[[nodiscard]] std::optional<double> ratio(double amount, double reference);

/// Three significant digits, or "-" where there is no ratio.
[[nodiscard]] std::string ratio_text(std::optional<double> ratio);

}  // namespace fedgram::report
