#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/energy/meters/attempt.hpp"

namespace fedgram::energy {

/// A file of sysfs without the blanks at its end. The reason for a failure names the path.
[[nodiscard]] Attempt<std::string> read_text(const std::filesystem::path& file);

/// One that holds a count; below zero is a failure.
[[nodiscard]] Attempt<std::uint64_t> read_count(const std::filesystem::path& file);

/// One that holds a number with a sign.
[[nodiscard]] Attempt<std::int64_t> read_signed(const std::filesystem::path& file);

/// What a folder holds, in order of name; nothing where it can't be listed.
[[nodiscard]] std::vector<std::filesystem::path> entries(const std::filesystem::path& folder);

}  // namespace fedgram::energy
