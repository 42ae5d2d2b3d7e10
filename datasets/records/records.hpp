#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fedgram::datasets {

/// The text of a file of record, by its path below datasets/records
/// ("grid_intensity.csv", "devices/v100.json"). It is part of the program, so
/// it is there wherever the program lies. Throws std::out_of_range for a path
/// that isn't a record: that is the caller's mistake, so a name that a user
/// gave is looked up in record_names() first.
[[nodiscard]] std::string_view record(std::string_view path);

/// The paths of all records that begin with `prefix` ("devices/"), in ascending
/// order.
[[nodiscard]] std::vector<std::string> record_names(std::string_view prefix = {});

}  // namespace fedgram::datasets
