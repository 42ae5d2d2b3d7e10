#include "common/spec/plain_name.hpp"

#include <algorithm>
#include <cstddef>

namespace fedgram::spec {

bool is_plain_name(std::string_view name)
{
    constexpr std::size_t longest = 64;
    const auto alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto allowed = [&](char c) { return alphanumeric(c) || c == '-' || c == '_'; };
    return !name.empty() && name.size() <= longest && alphanumeric(name.front()) && std::ranges::all_of(name, allowed);
}

}  // namespace fedgram::spec
