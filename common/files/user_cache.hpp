#pragma once

#include <filesystem>
#include <optional>

namespace fedgram::files {

/// $XDG_CACHE_HOME/fedgram, or ~/.cache/fedgram; nothing where neither is known.
[[nodiscard]] std::optional<std::filesystem::path> user_cache();

}  // namespace fedgram::files
