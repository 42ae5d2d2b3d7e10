#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::run {

/// The JSON of a file in a run folder. Throws DataError that names the file and the place in it; one that says that
/// the folder is no run folder where the file isn't there.
[[nodiscard]] nlohmann::ordered_json read_json_file(const std::filesystem::path& path);

}  // namespace fedgram::run
