#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fedgram::text {

/// One record of a CSV text below its heading.
struct CsvRow {
    std::size_t line{};               ///< on which it begins in the text, from 1
    std::vector<std::string> fields;  ///< in the order of the columns asked for
};

/// The fields of one line. A field may stand in quotes, with quotes doubled inside.
[[nodiscard]] std::vector<std::string> csv_fields(std::string_view line);

/// The names in a CSV text's first record; none where the text is empty. Throws DataError as CsvRecords does.
[[nodiscard]] std::vector<std::string> csv_heading(std::string_view text, const std::string& where);

/// The rows of a CSV text with a heading, reduced to `columns`; others are passed over. `where` names the text in
/// errors. Throws DataError with the line: no heading, a column that isn't in it, a row shorter or longer than it, and
/// what CsvRecords refuses.
[[nodiscard]] std::vector<CsvRow> csv_rows(std::string_view text, const std::string& where,
                                           std::span<const std::string_view> columns);

/// Throws DataError: "grid.csv:2: what".
[[noreturn]] void refuse_line(const std::string& where, std::size_t line, const std::string& what);

/// The whole number in a row's field `name`, or DataError with the line.
[[nodiscard]] int whole_number(const CsvRow& row, const std::string& where, std::string_view name,
                               const std::string& field);

/// The finite number of at least 0 in a row's field `name`, or DataError with the line.
[[nodiscard]] double not_negative_number(const CsvRow& row, const std::string& where, std::string_view name,
                                         const std::string& field);

/// The text of a row's field `name`, which must say something, or DataError with the line.
[[nodiscard]] const std::string& filled_text(const CsvRow& row, const std::string& where, std::string_view name,
                                             const std::string& field);

}  // namespace fedgram::text
