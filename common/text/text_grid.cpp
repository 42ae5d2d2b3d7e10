#include "common/text/text_grid.hpp"

#include <algorithm>
#include <utility>

namespace fedgram::carbon {

void TextGrid::add_headings(const std::vector<std::string>& headings)
{
    std::vector<std::string> upper;
    std::vector<std::string> lower;
    for (const auto& heading : headings) {
        const auto comma = heading.rfind(", ");
        const bool whole = comma == std::string::npos;
        upper.push_back(whole ? "" : heading.substr(0, comma + 1));
        lower.push_back(whole ? heading : heading.substr(comma + 2));
    }
    add(std::move(upper));
    add(std::move(lower));
}

void TextGrid::add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

std::string TextGrid::text() const
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string out;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string padding(widths[i] - row[i].size(), ' ');
            line += i == 0 ? row[i] + padding : "  " + padding + row[i];
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

}  // namespace fedgram::carbon
