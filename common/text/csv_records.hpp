#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace fedgram::text {

/// What editors and spreadsheets of Windows put before a text in UTF-8; no part of it.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// The records of a CSV text, one after the other, as RFC 4180 has them. A field may stand in quotes, with commas, line
/// ends and doubled quotes inside; blanks around the quotes are no part of it. Lines end in LF or CR LF.
class CsvRecords {
public:
    /// Both outlive this. `where` names the text in errors. Throws DataError for a text in UTF-16.
    CsvRecords(std::string_view text, const std::string& where);

    /// The next record's fields, which are valid until the next call; false where there is none. Throws DataError with
    /// the line: a quote that isn't closed, one inside a field without quotes, or text behind a closing one.
    [[nodiscard]] bool next(std::vector<std::string_view>& fields);

    /// On which the last record begins, from 1.
    [[nodiscard]] std::size_t line() const { return line_; }

private:
    std::string_view take_field();
    std::string_view take_quoted();

    std::string_view rest_;
    const std::string& where_;
    std::size_t line_ = 0;
    std::size_t next_line_ = 1;
    std::deque<std::string> unquoted_;  // what fields in quotes say; all others are views of the text
};

}  // namespace fedgram::text
