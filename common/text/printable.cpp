#include "common/text/printable.hpp"

namespace fedgram::text {

std::string printable(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string printed;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f)
            printed += c;
        else
            printed.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 0xf]);
    }
    return printed;
}

}  // namespace fedgram::text
