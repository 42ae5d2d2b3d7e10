#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "common/spec/data_files.hpp"

namespace fedgram::datasets {

/// The same files with absolute paths: relative ones count from `folder`, or else from the folder that they state.
[[nodiscard]] spec::DataFiles located(spec::DataFiles data, const std::optional<std::filesystem::path>& folder);

/// Throws DataError for a path that is neither a file nor a folder: a pipe would be waited for without end.
void check_kinds(const spec::DataFiles& data);

/// The files that data is read from, where reading them is more than copying bytes; none where one is missing. Throws
/// DataError for a folder that can't be read.
[[nodiscard]] std::vector<std::filesystem::path> own_files(const spec::DataFiles& data);

}  // namespace fedgram::datasets
