#pragma once

#include <string>

namespace fedgram::spec {

/// Whether a text is UTF-8. One that isn't can't be written as JSON, neither into a file nor into an error.
[[nodiscard]] bool is_utf8(const std::string& text);

}  // namespace fedgram::spec
