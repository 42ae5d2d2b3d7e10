#pragma once

#include <string_view>

namespace fedgram::spec {

/// A name that can be a file's on every system, and a part of a key's path.
[[nodiscard]] bool is_plain_name(std::string_view name);

/// What such a name is made of, as an error words it.
inline constexpr std::string_view plain_name_words =
    "letters, digits, - and _, beginning with a letter or digit, 64 at most";

}  // namespace fedgram::spec
