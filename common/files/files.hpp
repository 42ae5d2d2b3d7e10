#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace fedgram::files {

/// The whole file. Throws SystemError that names it when it can't be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// The same, and nothing where it can't be read: for whoever can say better what should be there.
[[nodiscard]] std::optional<std::string> try_read_file(const std::filesystem::path& path);

/// Writes to a temporary name and renames, so that a crash leaves the old file or the new one. Throws SystemError.
void write_file(const std::filesystem::path& path, std::string_view text);

/// Writes a file that nobody has yet; false where somebody was first. It is there once it is whole, where the file
/// system has files without a name (O_TMPFILE). What can't be written is removed again. Throws SystemError. Nobody but
/// its owner may read it where `secret`.
enum class Secrecy { open, secret };
[[nodiscard]] bool write_new_file(const std::filesystem::path& path, std::string_view text,
                                  Secrecy secrecy = Secrecy::open);

}  // namespace fedgram::files
