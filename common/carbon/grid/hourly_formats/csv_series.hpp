#pragma once

#include <string>
#include <string_view>

#include "common/carbon/grid/hourly_formats/hourly_file_options.hpp"
#include "common/carbon/grid/hourly_formats/stated_series.hpp"

namespace fedgram::carbon {

/// Two columns of a CSV text that its heading has. Throws DataError with the line for a row that can't be read, and
/// where there is none; SpecError as HourlyClock does.
[[nodiscard]] StatedSeries csv_series(std::string_view text, const std::string& where, const std::string& time_column,
                                      const std::string& value_column, const HourlyFileOptions& options);

}  // namespace fedgram::carbon
