#pragma once

#include <string>

namespace fedgram::experiments {

/// A text with what the name of a file can't hold replaced by a dash.
[[nodiscard]] std::string safe_for_a_file(std::string text);

/// A value's part of a folder's name. A number goes without its plus: 1e+30 must not look like 1e-30.
[[nodiscard]] std::string name_of_value(const std::string& json_text);

}  // namespace fedgram::experiments
