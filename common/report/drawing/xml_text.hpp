#pragma once

#include <string>
#include <string_view>

namespace fedgram::report {

/// A text as XML takes it, in an element or in an attribute. What XML has no place for, control characters and bytes
/// that aren't UTF-8, becomes U+FFFD.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace fedgram::report
