#pragma once

#include <set>
#include <string>
#include <string_view>

namespace fedgram::text {

/// "a, b, c", of anything that holds texts.
template <class Texts>
[[nodiscard]] std::string joined(const Texts& texts, std::string_view separator = ", ")
{
    std::string result;
    bool first = true;
    for (const auto& text : texts) {
        if (!first) result += separator;
        first = false;
        result += text;
    }
    return result;
}

/// The same, without the texts that stand in it already.
template <class Texts>
[[nodiscard]] std::string joined_once(const Texts& texts, std::string_view separator = ", ")
{
    std::set<std::string_view> seen;
    std::string result;
    for (const auto& text : texts) {
        const bool first = seen.empty();
        if (!seen.insert(text).second) continue;
        if (!first) result += separator;
        result += text;
    }
    return result;
}

}  // namespace fedgram::text
