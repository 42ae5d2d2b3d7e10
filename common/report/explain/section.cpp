#include "common/report/explain/section.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace fedgram::report {

std::string digits(double value, int count)
{
    std::array<char, 32> text;
    return {text.data(),
            std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, count).ptr};
}

std::string amount(std::uint64_t count, const std::string& one)
{
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string Section::text() const
{
    std::size_t width = 0;
    for (const auto& [name, text] : lines_) width = std::max(width, name.size());
    std::string out = "\n" + title_ + "\n";
    for (const auto& [name, text] : lines_)
        out += "  " + name + std::string(width - name.size() + 2, ' ') + text + "\n";
    return out;
}

}  // namespace fedgram::report
