#pragma once

#include <filesystem>
#include <string>

namespace fedgram::experiments {

/// When a file was last written, UTC, as 2026-01-31T12:00:00Z; empty where it isn't there.
[[nodiscard]] std::string written_at(const std::filesystem::path& path);

}  // namespace fedgram::experiments
