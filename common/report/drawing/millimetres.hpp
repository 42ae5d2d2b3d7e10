#pragma once

#include <string>

namespace fedgram::report {

/// A length in millimetres, to a thousandth.
[[nodiscard]] std::string millimetres(double length);

}  // namespace fedgram::report
