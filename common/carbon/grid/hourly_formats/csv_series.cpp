#include "common/carbon/grid/hourly_formats/csv_series.hpp"

#include <array>

#include "common/carbon/grid/hourly_formats/hourly_clock.hpp"
#include "common/carbon/grid/intensity_range.hpp"
#include "common/error/error.hpp"
#include "common/text/csv_rows.hpp"

namespace fedgram::carbon {

StatedSeries csv_series(std::string_view text, const std::string& where, const std::string& time_column,
                        const std::string& value_column, const HourlyFileOptions& options)
{
    if (options.forecast)
        throw SpecError{where + " has no forecasts beside what was measured; leave --forecast (forecast) out"};
    const HourlyClock clock{time_column, options.time_zone};
    StatedSeries series;
    series.time_name = time_column;
    series.missing = value_column + ": empty; state it";
    series.place_of = [where](std::size_t line) { return where + ":" + std::to_string(line); };
    const std::array<std::string_view, 2> columns{time_column, value_column};
    for (const auto& row : text::csv_rows(text, where, columns)) {
        StatedValue value{row.line, clock.read(row.fields[0], series.place_of(row.line))};
        if (!row.fields[1].empty()) value.intensity = intensity(row, where, value_column, row.fields[1]);
        series.values.push_back(value);
    }
    if (series.values.empty()) text::refuse_line(where, 1, "no row follows the heading; add one for each hour");
    return series;
}

}  // namespace fedgram::carbon
