#include "common/report/drawing/text_width.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fedgram::report {

namespace {

// Of DejaVu Sans, from the blank on, in thousandths of an em: it is wider than Helvetica, Arial and most others that
// sans-serif stands for.
constexpr std::array<int, 95> ascii_widths{
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361,  318, 337, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632,
    576, 775, 752, 295, 295, 656, 558, 863, 749, 788, 604, 788, 695, 635,  611, 732, 685, 989, 686,
    611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635, 616, 353,  635, 634, 278, 278, 580,
    278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592,  525, 637, 337, 637, 838};
constexpr int widest_beyond_ascii = 1100;
constexpr double allowance = 1.03;  // for a font that is a little wider yet

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

int glyph_width(char byte)
{
    if (is_continuation(byte)) return 0;
    if (byte < ' ' || byte > '~') return widest_beyond_ascii;
    return ascii_widths[static_cast<std::size_t>(byte - ' ')];
}

// The longest beginning that is no wider, at least one letter.
std::size_t fitting(std::string_view word, double width)
{
    std::size_t end = 1;
    while (end < word.size() && is_continuation(word[end])) ++end;
    while (end < word.size()) {
        std::size_t next = end + 1;
        while (next < word.size() && is_continuation(word[next])) ++next;
        if (text_width(word.substr(0, next)) > width) break;
        end = next;
    }
    return end;
}

}  // namespace

double text_width(std::string_view text)
{
    int width = 0;
    for (const char byte : text) width += glyph_width(byte);
    return width / 1000. * allowance * font_size;
}

std::vector<std::string> wrapped(std::string_view text, double width)
{
    std::vector<std::string> lines(1);
    while (!text.empty()) {
        const auto blank = std::min(text.find(' '), text.size());
        auto word = text.substr(0, blank);
        text.remove_prefix(std::min(blank + 1, text.size()));
        if (!lines.back().empty() && text_width(lines.back() + " " + std::string{word}) > width) lines.emplace_back();
        while (text_width(word) > width) {
            const auto end = fitting(word, width);
            lines.back() = word.substr(0, end);
            word.remove_prefix(end);
            if (word.empty()) break;
            lines.emplace_back();
        }
        lines.back() += (lines.back().empty() || word.empty() ? "" : " ") + std::string{word};
    }
    return lines;
}

double widest(const std::vector<std::string>& lines)
{
    double width = 0;
    for (const auto& line : lines) width = std::max(width, text_width(line));
    return width;
}

}  // namespace fedgram::report
