#include "common/error/cut_short.hpp"

namespace fedgram {

std::string cut_short(std::string text, std::size_t longest)
{
    if (text.size() <= longest) return text;
    const auto is_inside_character = [&](std::size_t at) { return (text[at] & 0xC0) == 0x80; };
    while (longest > 0 && is_inside_character(longest)) --longest;
    return text.substr(0, longest) + "...";
}

}  // namespace fedgram
