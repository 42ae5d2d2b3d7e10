#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fedgram::text {

struct Named {
    std::vector<std::string> names;  ///< what it may be asked for by
    std::string shown;
};

/// In lower case, so that FRA and fra are the same name. ASCII alone changes.
[[nodiscard]] std::string lower(std::string_view text);

/// "did you mean France (FRA), Greece (GRC)?" with up to three that are equally near, in upper or lower case. Where
/// none is, with those of which `wanted` is a word: Korea of North Korea and South Korea. Empty when none is near.
[[nodiscard]] std::string did_you_mean(std::string_view wanted, const std::vector<Named>& known);
[[nodiscard]] std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace fedgram::text
