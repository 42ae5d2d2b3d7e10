#pragma once

#include <cstddef>
#include <string>

namespace fedgram {

/// `text` as an error shows it: whole, or its first `longest` bytes and "...". No UTF-8 character is cut in half: what
/// would be is left out.
[[nodiscard]] std::string cut_short(std::string text, std::size_t longest);

}  // namespace fedgram
