#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/energy/logs/log_text.hpp"

namespace fedgram::power_logs {

/// A row's fields, without blanks around them.
using CsvFields = std::vector<std::string>;

/// A log that is a CSV: columns with names, and a row a line. Where a logger was started anew into the same file, its
/// heading stands in it again and is passed over.
class CsvTable {
public:
    /// With the heading in the first of `lines`. Units in it are left out: "power.draw [W]" is power.draw.
    explicit CsvTable(std::vector<LogLine> lines);
    /// Without a heading: `columns` are named by the caller.
    CsvTable(std::vector<LogLine> lines, std::vector<std::string> columns);

    [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;
    /// Throws SpecError that lists the columns there are: `column` comes from the options.
    [[nodiscard]] std::size_t at(std::string_view column) const;

    /// Calls `take` with each row. Throws DataError with the line for a row of more or fewer fields than there are
    /// columns; for an open last line, see take_lines.
    void take_rows(std::vector<std::string>& notes,
                   const std::function<void(const LogLine&, const CsvFields&)>& take) const;

    /// The field's number may have lost its last digits: it ends an open line. Throws DataError then.
    void refuse_cut(const LogLine& line, std::size_t column) const;

private:
    std::vector<LogLine> lines_;
    std::string_view heading_;  ///< empty: there is none
    std::vector<std::string> columns_;
};

/// The names in a heading, without units and blanks.
[[nodiscard]] std::vector<std::string> heading_names(std::string_view line);

}  // namespace fedgram::power_logs
