#include "common/files/user_cache.hpp"

#include <cstdlib>

namespace fedgram::files {

std::optional<std::filesystem::path> user_cache()
{
    // By the XDG Base Directory Specification, a relative path counts as none.
    const auto absolute = [](const char* variable) -> std::optional<std::filesystem::path> {
        const char* const value = std::getenv(variable);
        if (!value || !std::filesystem::path{value}.is_absolute()) return std::nullopt;
        return value;
    };
    if (const auto cache = absolute("XDG_CACHE_HOME")) return *cache / "fedgram";
    if (const auto home = absolute("HOME")) return *home / ".cache" / "fedgram";
    return std::nullopt;
}

}  // namespace fedgram::files
