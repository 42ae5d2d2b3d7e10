#pragma once

#include <functional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/grid/grid.hpp"
#include "common/carbon/grid/hourly_formats/hourly_file_options.hpp"

namespace fedgram::spec {
class StrictObject;
}

namespace fedgram::carbon {

/// An hourly series as it is looked up.
struct HourlyRecord {
    NamedSeries series;
    std::string basis;   ///< "lifecycle" or "direct"
    std::string source;  ///< id of the source, or a file's name
};

/// By a name of record or the path of a file, which is read as the options say. Throws SpecError on a name that it
/// doesn't know, and for an option that the series has no use for.
using HourlyLookup = std::function<HourlyRecord(const std::string& name_or_path, const HourlyFileOptions& options)>;

/// A grid by the hour from the series' beginning on. Its code is "NAME@2020-09-14T06:00:00Z": the same series at two
/// starts is two rows. Its intensity is the plain mean of its hours, its year that of the start.
[[nodiscard]] GridIntensity hourly_grid(const HourlyRecord& record);

/// How a file is read, of an object's keys. Throws SpecError.
[[nodiscard]] HourlyFileOptions parse_hourly_file_options(spec::StrictObject& object);

/// Whether an object states, or is, a grid by the hour.
[[nodiscard]] bool is_hourly_grid(const nlohmann::ordered_json& json);

/// An object with `hourly`, the name of a series that is looked up, and if wanted `start` (default: the series'
/// beginning) and how a file is read: basis, time_column, value_column, time_zone, fill_gaps_h, forecast (see
/// HourlyFileOptions). Or one that needs no look-up: with hourly, start, basis, source and gco2e_per_kwh, a list with a
/// value for each hour, and if there are any the hours `filled` and `forecasts`, and `left_out_min` (see HourOrigins).
/// `path` is how errors name it. Throws SpecError, and DataError for a file.
[[nodiscard]] GridIntensity parse_hourly_grid(const nlohmann::ordered_json& json, const std::string& path,
                                              const HourlyLookup& lookup);
/// Of a grid that is by the hour.
[[nodiscard]] nlohmann::ordered_json hourly_grid_json(const GridIntensity& grid);

}  // namespace fedgram::carbon
