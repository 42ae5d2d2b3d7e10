#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "common/carbon/grid/hourly_formats/csv_series.hpp"
#include "common/carbon/grid/hourly_formats/forms.hpp"
#include "common/error/error.hpp"
#include "common/text/csv_rows.hpp"
#include "common/text/folded_name.hpp"

// The exports' columns as of 2021 to 2025. The page of the data portal (electricitymaps.com/data-portal, of 2024) lists
// "Datetime (UTC), Country, Zone Name, Zone Id, Carbon Intensity gCO2eq/kWh (direct), ... (life cycle assessment), Low
// Carbon Percentage, ...". Files of those years, as programs that read them quote their heading, have "(LCA)" for the
// sixth; those since 2025 have "Carbon intensity gCO2eq/kWh (direct)", "(Life cycle)", "Zone name", "Zone id". The 2 is
// a subscript, but where somebody has rewritten it. Times are "2021-01-01 00:00:00".

namespace fedgram::carbon {

namespace {

/// A column's name as it is compared: without the case, the marks and the subscript, in which exports differ.
std::string compared(std::string name)
{
    constexpr std::string_view subscript_two = "\u2082";
    if (const auto found = name.find(subscript_two); found != std::string::npos)
        name.replace(found, subscript_two.size(), "2");
    return text::folded_name(name);
}

/// The heading's own name for the first of the columns that it has.
std::optional<std::string> column_of(const std::vector<std::string>& heading,
                                     std::initializer_list<std::string_view> names)
{
    for (const auto& column : heading)
        if (std::ranges::find(names, compared(column)) != names.end()) return column;
    return std::nullopt;
}

std::optional<std::string> time_column(const std::vector<std::string>& heading)
{
    return column_of(heading, {"datetime utc"});
}

std::optional<std::string> value_column(const std::vector<std::string>& heading, const std::string& basis)
{
    if (basis == "direct") return column_of(heading, {"carbon intensity gco2eq kwh direct"});
    return column_of(heading, {"carbon intensity gco2eq kwh lca", "carbon intensity gco2eq kwh life cycle",
                               "carbon intensity gco2eq kwh life cycle assessment"});
}

/// Rows of another zone would be read as the same hours once more.
void check_one_zone(std::string_view text, const std::string& where, const std::vector<std::string>& heading)
{
    const auto column = column_of(heading, {"zone id"});
    if (!column) return;
    const std::array<std::string_view, 1> columns{*column};
    const auto rows = text::csv_rows(text, where, columns);
    for (const auto& row : rows)
        if (row.fields.front() != rows.front().fields.front())
            text::refuse_line(where, row.line,
                              *column + ": " + row.fields.front() + " after " + rows.front().fields.front() +
                                  "; keep the rows of one zone, and make a file of each");
}

}  // namespace

bool is_electricity_maps(const std::vector<std::string>& heading)
{
    return time_column(heading) && (value_column(heading, "lifecycle") || value_column(heading, "direct"));
}

HourlyFile read_electricity_maps(std::string_view text, const std::string& where, const HourlyFileOptions& options)
{
    const auto heading = text::csv_heading(text, where);
    HourlyFile file;
    file.basis = options.basis.value_or("lifecycle");
    file.provider = "Electricity Maps";
    const auto value = value_column(heading, file.basis);
    if (!value) {
        const std::string other = file.basis == "direct" ? "lifecycle" : "direct";
        throw DataError{where + ":1: no column of " + file.basis + " intensities; take the " + other +
                        " ones by --basis " + other + " (basis)"};
    }
    check_one_zone(text, where, heading);
    file.series = csv_series(text, where, time_column(heading).value(), *value, options);
    return file;
}

}  // namespace fedgram::carbon
