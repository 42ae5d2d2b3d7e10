#include "common/text/joined_once.hpp"

#include <algorithm>

namespace fedgram::carbon {

std::string joined_once(std::span<const std::string> texts, std::string_view separator)
{
    std::string joined;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto before = texts.first(i);
        if (std::find(before.begin(), before.end(), texts[i]) != before.end()) continue;
        if (!joined.empty()) joined += separator;
        joined += texts[i];
    }
    return joined;
}

}  // namespace fedgram::carbon
