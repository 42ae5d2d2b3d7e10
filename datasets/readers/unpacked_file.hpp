#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

struct gzFile_s;  // zlib's

namespace fedgram::datasets {

/// The file of that name in a folder, or that with .gz behind it; nothing when there is neither. Folders don't count.
[[nodiscard]] std::optional<std::filesystem::path> find_plain_or_packed(const std::filesystem::path& folder,
                                                                        const std::string& name);

/// The same. Throws DataError when there is neither.
[[nodiscard]] std::filesystem::path plain_or_packed(const std::filesystem::path& folder, const std::string& name);

/// The bytes of a file, unpacked on the way when it begins as gzip does (told by content, not by name).
class UnpackedFile {
public:
    /// Throws DataError when it can't be opened.
    explicit UnpackedFile(const std::filesystem::path& path);

    /// Fills `out` as far as the file reaches. Gives the number of bytes read. Throws DataError when the file can't be
    /// read, or is cut off or damaged inside its gzip. The gzip's checksum is compared when something reads beyond the
    /// last byte.
    std::size_t read(std::span<std::uint8_t> out);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    struct Close {
        void operator()(gzFile_s* file) const;
    };

    std::filesystem::path path_;
    std::unique_ptr<gzFile_s, Close> file_;
};

/// The whole of it. Throws DataError as above.
[[nodiscard]] std::string read_unpacked(const std::filesystem::path& path);

}  // namespace fedgram::datasets
