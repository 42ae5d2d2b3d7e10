#include "common/energy/logs/log_text.hpp"

#include <algorithm>

#include "common/error/cut_short.hpp"
#include "common/error/error.hpp"
#include "common/text/csv_records.hpp"
#include "common/text/csv_rows.hpp"

namespace fedgram::power_logs {

namespace {

constexpr std::string_view blanks = " \t\r\v\f";

}  // namespace

void LogLine::refuse(const std::string& what) const { text::refuse_line(std::string{where}, number, what); }

std::vector<LogLine> log_lines(std::string_view text, std::string_view where)
{
    // "log > file" of Windows PowerShell 5 writes UTF-16.
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        throw DataError{std::string{where} + ": is UTF-16; save it as UTF-8"};
    if (text.starts_with(text::byte_order_mark)) text.remove_prefix(text::byte_order_mark.size());

    std::vector<LogLine> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto length = std::min(text.find('\n'), text.size());
        const LogLine line{where, number, trimmed(text.substr(0, length)), length == text.size()};
        text.remove_prefix(std::min(length + 1, text.size()));
        if (line.text.find('\0') != std::string_view::npos)
            line.refuse("holds zero bytes, as after a power cut; delete this line, or save the log as UTF-8");
        if (!line.text.empty()) lines.push_back(line);
    }
    if (lines.empty()) throw DataError{std::string{where} + ": is empty"};
    return lines;
}

void take_lines(std::span<const LogLine> lines, std::vector<std::string>& notes,
                const std::function<void(const LogLine&)>& take)
{
    for (const auto& line : lines) {
        try {
            take(line);
        } catch (const DataError&) {
            if (!line.open) throw;
            notes.push_back("line " + std::to_string(line.number) + ", the last, is cut off and was left out");
        }
    }
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> words(std::string_view text)
{
    std::vector<std::string_view> found;
    for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
        const auto length = std::min(text.find_first_of(blanks), text.size());
        found.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return found;
}

std::string in_quotes(std::string_view text) { return '"' + cut_short(std::string{text}, 60) + '"'; }

}  // namespace fedgram::power_logs
