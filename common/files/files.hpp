#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace fedgram::experiments {

/// Throws SystemError that names the file when it can't be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// Writes to a temporary name and renames, so that a crash leaves the old file or the new one. Throws SystemError.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace fedgram::experiments
