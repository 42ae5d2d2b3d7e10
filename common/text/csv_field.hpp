#pragma once

#include <string>

namespace fedgram::text {

/// A text as a field of CSV. RFC 4180: quotes around what holds a comma, a quote or a line's end; quotes doubled.
[[nodiscard]] std::string csv_field(const std::string& text);

}  // namespace fedgram::text
