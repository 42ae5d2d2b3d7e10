#include "common/text/text_table.hpp"

#include <algorithm>
#include <utility>

namespace fedgram::text {

namespace {

/// Characters, not bytes: the continuation bytes of UTF-8 take no column.
std::size_t width_of(const std::string& text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

bool looks_numeric(const std::string& cell)
{
    if (cell.starts_with("> ")) return looks_numeric(cell.substr(2));  // a lower bound
    return cell.empty() || (cell[0] >= '0' && cell[0] <= '9') || cell == "-" ||
           ((cell[0] == '-' || cell[0] == '+') && cell.size() > 1 && cell[1] >= '0' && cell[1] <= '9');
}

std::string aligned(const std::string& cell, std::size_t width, bool right)
{
    const std::string space(width - width_of(cell), ' ');
    return right ? space + cell : cell + space;
}

}  // namespace

void TextTable::add_headings(const std::vector<std::string>& headings)
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

std::vector<std::size_t> TextTable::widths() const
{
    std::vector<std::size_t> result;
    for (const auto& row : rows_) {
        result.resize(std::max(result.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) result[i] = std::max(result[i], width_of(row[i]));
    }
    return result;
}

std::vector<bool> TextTable::flush_right(std::size_t columns) const
{
    if (flush_right_ == FlushRight::all_but_the_first) {
        std::vector<bool> result(columns, true);
        if (columns > 0) result.front() = false;
        return result;
    }
    std::vector<bool> result(columns, rows_.size() > 1);
    for (std::size_t r = 1; r < rows_.size(); ++r)
        for (std::size_t i = 0; i < rows_[r].size(); ++i) result[i] = result[i] && looks_numeric(rows_[r][i]);
    return result;
}

std::string TextTable::text() const
{
    const auto width = widths();
    const auto right = flush_right(width.size());
    std::string text;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) line += (i == 0 ? "" : "  ") + aligned(row[i], width[i], right[i]);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string TextTable::markdown() const
{
    const auto right = flush_right(widths().size());
    std::string text;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        for (const auto& cell : rows_[r]) text += "| " + cell + " ";
        text += "|\n";
        if (r > 0) continue;
        for (const bool is_right : right) text += is_right ? "|---:" : "|---";
        text += "|\n";
    }
    return text;
}

}  // namespace fedgram::text
