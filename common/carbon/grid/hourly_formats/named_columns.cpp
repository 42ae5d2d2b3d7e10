#include <algorithm>

#include "common/carbon/grid/hourly_formats/csv_series.hpp"
#include "common/carbon/grid/hourly_formats/forms.hpp"
#include "common/error/cut_short.hpp"
#include "common/error/error.hpp"
#include "common/text/csv_rows.hpp"
#include "common/text/joined.hpp"

namespace fedgram::carbon {

HourlyFile read_named_columns(std::string_view text, const std::string& where, const HourlyFileOptions& options)
{
    const auto heading = text::csv_heading(text, where);
    const auto column = [&](const std::string& stated, const std::string& usual) {
        const auto& name = stated.empty() ? usual : stated;
        if (std::ranges::find(heading, name) == heading.end())
            throw DataError{where + ":1: no column \"" + name + "\"; there is " +
                            cut_short(text::joined(heading), 200) +
                            "; name those of times and of gCO2e/kWh by --time-column and --value-column (time_column, "
                            "value_column)"};
        return name;
    };
    const auto times = column(options.time_column, "utc_start");
    const auto values = column(options.value_column, "gco2e_per_kwh");
    return {csv_series(text, where, times, values, options), options.basis.value_or("lifecycle"), {}};
}

}  // namespace fedgram::carbon
