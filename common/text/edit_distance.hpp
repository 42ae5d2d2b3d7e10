#pragma once

#include <cstddef>
#include <string_view>

namespace fedgram::text {

/// Levenshtein's distance: how many letters to change, add or leave out to turn one word into the other.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace fedgram::text
