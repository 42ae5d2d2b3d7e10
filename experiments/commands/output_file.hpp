#pragma once

#include <filesystem>
#include <string>

namespace fedgram::experiments {

/// Throws SystemError where `file` can't be written, as `option` asks: before work whose result it takes.
void refuse_unless_writable(const std::filesystem::path& file, const std::string& option);

/// Whether both name the same file, there or not.
[[nodiscard]] bool is_same_file(const std::filesystem::path& one, const std::filesystem::path& other);

}  // namespace fedgram::experiments
