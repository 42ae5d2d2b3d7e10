#include "common/energy/logs/csv_table.hpp"

#include <algorithm>
#include <utility>

#include "common/error/error.hpp"
#include "common/text/csv_rows.hpp"
#include "common/text/joined.hpp"

namespace fedgram::power_logs {

CsvTable::CsvTable(std::vector<LogLine> lines)
    : lines_{lines.begin() + 1, lines.end()}, heading_{lines.front().text}, columns_{heading_names(heading_)}
{
}

CsvTable::CsvTable(std::vector<LogLine> lines, std::vector<std::string> columns)
    : lines_{std::move(lines)}, columns_{std::move(columns)}
{
}

std::optional<std::size_t> CsvTable::find(std::string_view column) const
{
    const auto found = std::ranges::find(columns_, column);
    if (found == columns_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns_.begin());
}

std::size_t CsvTable::at(std::string_view column) const
{
    if (const auto found = find(column)) return *found;
    throw SpecError{"the log has no column " + in_quotes(column) + "; it has " + text::joined(columns_)};
}

void CsvTable::take_rows(std::vector<std::string>& notes,
                         const std::function<void(const LogLine&, const CsvFields&)>& take) const
{
    take_lines(lines_, notes, [&](const LogLine& line) {
        if (line.text == heading_) return;
        auto fields = text::csv_fields(line.text);
        for (auto& field : fields) field = std::string{trimmed(field)};
        if (fields.size() != columns_.size())
            line.refuse("has " + std::to_string(fields.size()) + " fields, but there are " +
                        std::to_string(columns_.size()) + " columns");
        take(line, fields);
    });
}

void CsvTable::refuse_cut(const LogLine& line, std::size_t column) const
{
    if (line.open && column + 1 == columns_.size()) line.refuse("ends within " + columns_[column]);
}

std::vector<std::string> heading_names(std::string_view line)
{
    auto names = text::csv_fields(line);
    for (auto& name : names) {
        const auto without_unit = std::string_view{name}.substr(0, name.find('['));
        name = std::string{trimmed(without_unit)};
    }
    return names;
}

}  // namespace fedgram::power_logs
