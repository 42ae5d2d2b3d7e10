#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "common/files/descriptor.hpp"

namespace fedgram::files {

/// Writes the whole file and waits until it is on the disk. Throws SystemError that names it.
void write_durably(const std::filesystem::path& path, std::string_view bytes);

/// Gives a file its final name and waits until its folder knows it. Throws SystemError that names it.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Waits until a file that somebody else has written is on the disk. Throws SystemError that names it.
void sync_to_disk(const std::filesystem::path& path);

/// A file that is only appended to: each append reaches the kernel at once, so that nothing is lost with the process.
class AppendFile {
public:
    /// Made if it isn't there. Throws SystemError that names the file, as all that follows.
    explicit AppendFile(std::filesystem::path path);

    void append(std::string_view text);
    /// Waits until all of it is on the disk.
    void sync();
    [[nodiscard]] std::uint64_t size() const { return size_; }

    /// What stands behind `length`. Throws DataError when the file is shorter.
    [[nodiscard]] std::string behind(std::uint64_t length) const;
    /// Ends the file at `length`.
    void cut_back(std::uint64_t length);
    /// Puts `text` in the place of what stands behind `length`: at once, so that a crash leaves the old or the new.
    void replace_behind(std::uint64_t length, std::string_view text);

private:
    void open();

    std::filesystem::path path_;
    Descriptor file_;
    std::uint64_t size_ = 0;
};

}  // namespace fedgram::files
