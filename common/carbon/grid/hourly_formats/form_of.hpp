#pragma once

#include <string>
#include <string_view>

#include "common/carbon/grid/hourly_formats/hourly_file_options.hpp"

namespace fedgram::carbon {

/// Whose files of grid intensities are read.
enum class HourlyForm { named_columns, electricity_maps, uk_carbon_intensity };

/// What a file is, by what stands in it; a CSV with named columns wherever the options name one, and where it is none
/// of the others. Throws DataError as CsvRecords does.
[[nodiscard]] HourlyForm form_of(std::string_view text, const std::string& where, const HourlyFileOptions& options);

}  // namespace fedgram::carbon
