#include "common/text/csv_records.hpp"

#include <algorithm>

#include "common/error/error.hpp"
#include "common/text/csv_rows.hpp"

namespace fedgram::text {

namespace {

constexpr std::string_view blanks = " \t";

}  // namespace

CsvRecords::CsvRecords(std::string_view text, const std::string& where) : rest_{text}, where_{where}
{
    if (rest_.starts_with("\xFF\xFE") || rest_.starts_with("\xFE\xFF"))
        throw DataError{where + ": is UTF-16; save it as UTF-8"};
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

bool CsvRecords::next(std::vector<std::string_view>& fields)
{
    if (rest_.empty()) return false;
    fields.clear();
    unquoted_.clear();
    line_ = next_line_;
    for (bool more = true; more;) {
        fields.push_back(take_field());
        more = rest_.starts_with(',');
        if (rest_.starts_with('\n')) ++next_line_;
        rest_.remove_prefix(std::min<std::size_t>(1, rest_.size()));
    }
    return true;
}

/// Leaves the comma, the line's end or nothing in front.
std::string_view CsvRecords::take_field()
{
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != ',' && rest_[end] != '\n' && rest_[end] != '"') ++end;
    auto field = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (rest_.starts_with('"')) {
        if (field.find_first_not_of(blanks) != std::string_view::npos)
            refuse_line(where_, next_line_, "a quote inside a field; put all of the field in quotes, and double it");
        return take_quoted();
    }
    if (field.ends_with('\r') && !rest_.starts_with(',')) field.remove_suffix(1);
    return field;
}

std::string_view CsvRecords::take_quoted()
{
    const auto begin = next_line_;
    auto& text = unquoted_.emplace_back();
    do {
        rest_.remove_prefix(1);
        const auto end = rest_.find('"');
        if (end == std::string_view::npos) refuse_line(where_, begin, "a quote that isn't closed");
        next_line_ += static_cast<std::size_t>(std::ranges::count(rest_.substr(0, end), '\n'));
        text += rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        if (rest_.starts_with('"')) text += '"';  // a doubled one
    } while (rest_.starts_with('"'));
    rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size()));
    if (rest_.starts_with("\r\n") || rest_ == "\r") rest_.remove_prefix(1);
    if (!rest_.empty() && !rest_.starts_with(',') && !rest_.starts_with('\n'))
        refuse_line(where_, begin, "text behind a field in quotes; double the quotes that are inside one");
    return text;
}

}  // namespace fedgram::text
