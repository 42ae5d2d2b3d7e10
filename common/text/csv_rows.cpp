#include "common/text/csv_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "common/error/error.hpp"
#include "common/text/csv_records.hpp"

namespace fedgram::text {

namespace {

/// The number that all of `text` spells, or nothing.
template <class Number>
std::optional<Number> number_of(std::string_view text)
{
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

/// Where each of `columns` stands in the heading.
std::vector<std::size_t> positions_of(std::span<const std::string_view> columns,
                                      const std::vector<std::string_view>& heading, const std::string& where)
{
    std::vector<std::size_t> positions;
    for (const auto column : columns) {
        const auto found = std::find(heading.begin(), heading.end(), column);
        if (found == heading.end()) refuse_line(where, 1, "no column \"" + std::string{column} + "\"");
        positions.push_back(static_cast<std::size_t>(found - heading.begin()));
    }
    return positions;
}

}  // namespace

std::vector<std::string> csv_fields(std::string_view line)
{
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
            fields.back() += '"';
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else if (c != '\r') {
            fields.back() += c;
        }
    }
    return fields;
}

std::vector<std::string> csv_heading(std::string_view text, const std::string& where)
{
    CsvRecords records{text, where};
    std::vector<std::string_view> fields;
    static_cast<void>(records.next(fields));
    return {fields.begin(), fields.end()};
}

void refuse_line(const std::string& where, std::size_t line, const std::string& what)
{
    throw DataError{where + ":" + std::to_string(line) + ": " + what};
}

std::vector<CsvRow> csv_rows(std::string_view text, const std::string& where, std::span<const std::string_view> columns)
{
    CsvRecords records{text, where};
    std::vector<std::string_view> fields;
    static_cast<void>(records.next(fields));
    const auto positions = positions_of(columns, fields, where);
    const auto heading_fields = fields.size();
    std::vector<CsvRow> rows;
    while (records.next(fields)) {
        if (fields.size() == 1 && fields.front().empty() && heading_fields > 1)
            refuse_line(where, records.line(), "the line is empty; leave it out");
        if (fields.size() <= std::ranges::max(positions))
            refuse_line(where, records.line(), std::to_string(fields.size()) + " fields are fewer than the heading's");
        if (fields.size() > heading_fields)
            refuse_line(where, records.line(),
                        std::to_string(fields.size()) + " fields are more than the heading's " +
                            std::to_string(heading_fields));
        auto& row = rows.emplace_back(CsvRow{records.line(), {}});
        for (const auto position : positions) row.fields.emplace_back(fields[position]);
    }
    return rows;
}

int whole_number(const CsvRow& row, const std::string& where, std::string_view name, const std::string& field)
{
    const auto number = number_of<int>(field);
    if (!number) refuse_line(where, row.line, std::string{name} + ": \"" + field + "\" is no whole number");
    return *number;
}

double not_negative_number(const CsvRow& row, const std::string& where, std::string_view name, const std::string& field)
{
    const auto number = number_of<double>(field);
    if (!number || !std::isfinite(*number) || *number < 0)
        refuse_line(where, row.line, std::string{name} + ": \"" + field + "\" is no number of at least 0");
    return *number;
}

const std::string& filled_text(const CsvRow& row, const std::string& where, std::string_view name,
                               const std::string& field)
{
    if (field.find_first_not_of(" \t") == std::string::npos)
        refuse_line(where, row.line, std::string{name} + ": empty; every figure needs one");
    return field;
}

}  // namespace fedgram::text
