#pragma once

#include <string>

namespace fedgram::experiments {

/// "a, b, c", of anything that holds texts.
template <class Texts>
[[nodiscard]] std::string joined(const Texts& texts)
{
    std::string result;
    for (const auto& text : texts) {
        if (!result.empty()) result += ", ";
        result += text;
    }
    return result;
}

}  // namespace fedgram::experiments
