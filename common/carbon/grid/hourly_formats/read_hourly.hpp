#pragma once

#include <string>
#include <string_view>

#include "common/carbon/grid/hourly_formats/hour_means.hpp"
#include "common/carbon/grid/hourly_formats/hourly_file_options.hpp"

namespace fedgram::carbon {

/// A file of grid intensities as hours, and what it is.
struct HourlyReading {
    MadeHours made;
    std::string basis;     ///< "lifecycle" or "direct"
    std::string provider;  ///< "Electricity Maps"; empty where the file is anybody's
};

/// Reads a file of any form that form_of tells. `where` names it in errors. Throws DataError with the place and the way
/// out for what the file has wrong, and SpecError for an option that it contradicts or has no use for.
[[nodiscard]] HourlyReading read_hourly(std::string_view text, const std::string& where,
                                        const HourlyFileOptions& options = {});

}  // namespace fedgram::carbon
