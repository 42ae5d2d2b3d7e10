#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/carbon/grid/hourly_formats/hourly_file_options.hpp"
#include "common/carbon/grid/hourly_formats/stated_series.hpp"

// A reader for each form of files. `where` names the file in errors. Each throws DataError with the place that it can't
// read, and SpecError for an option that the file contradicts or has no use for.

namespace fedgram::carbon {

/// What a file says, in its own steps.
struct HourlyFile {
    StatedSeries series{};
    std::string basis{};     ///< "lifecycle" or "direct"
    std::string provider{};  ///< "Electricity Maps"; empty where the file is anybody's
};

/// Whether a CSV's heading is that of an export of Electricity Maps, of any year.
[[nodiscard]] bool is_electricity_maps(const std::vector<std::string>& heading);

/// An export of Electricity Maps, of one zone. It has both bases: lifecycle unless the options choose.
[[nodiscard]] HourlyFile read_electricity_maps(std::string_view text, const std::string& where,
                                               const HourlyFileOptions& options);

/// An answer of the UK Carbon Intensity API in JSON, national or of one region. It is direct.
[[nodiscard]] HourlyFile read_uk_carbon_intensity(std::string_view text, const std::string& where,
                                                  const HourlyFileOptions& options);

/// Any CSV with a column of times and one of gCO2e/kWh: those that the options name, else utc_start and gco2e_per_kwh.
/// It is lifecycle unless the options say otherwise.
[[nodiscard]] HourlyFile read_named_columns(std::string_view text, const std::string& where,
                                            const HourlyFileOptions& options);

}  // namespace fedgram::carbon
