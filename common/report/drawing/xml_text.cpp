#include "common/report/drawing/xml_text.hpp"

#include <cstddef>
#include <cstdint>

namespace fedgram::report {

namespace {

// How many bytes the character at the beginning has, by its first one; 0 of none.
std::size_t length_of(unsigned char first)
{
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first < 0xE0) return 2;
    if (first >= 0xE0 && first < 0xF0) return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

// The bytes of the character at the beginning, if XML 1.0 has it; else 0.
std::size_t valid_length(std::string_view text)
{
    const auto length = length_of(static_cast<unsigned char>(text.front()));
    if (length == 0 || length > text.size()) return 0;
    std::uint32_t code = static_cast<unsigned char>(text.front());
    if (length > 1) code &= 0xFFU >> (length + 1);
    for (std::size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0U) != 0x80) return 0;
        code = code << 6U | (byte & 0x3FU);
    }
    const bool is_overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    const bool is_control = code < 0x20;
    const bool is_no_character = code == 0xFFFE || code == 0xFFFF || code > 0x10FFFF;
    return is_overlong || is_surrogate || is_control || is_no_character ? 0 : length;
}

}  // namespace

std::string xml_text(std::string_view text)
{
    std::string escaped;
    while (!text.empty()) {
        const auto length = valid_length(text);
        switch (text.front()) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            default:
                escaped += length > 0 ? text.substr(0, length) : std::string_view{"\uFFFD"};
        }
        text.remove_prefix(length > 0 ? length : 1);
    }
    return escaped;
}

}  // namespace fedgram::report
