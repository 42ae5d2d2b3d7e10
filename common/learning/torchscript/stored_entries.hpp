#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fedgram::learning::torchscript {

struct StoredEntry {
    std::string_view name;
    std::string_view content;
};

/// Goes through the entries of an archive that StoredZip wrote, from its beginning to its end. All bytes are borrowed.
class StoredEntries {
public:
    /// `where` names the archive in errors, and is borrowed, too.
    StoredEntries(std::string_view archive, const std::string& where) : archive_{archive}, rest_{archive}, where_{where}
    {
    }

    /// The next entry, whose content has its checksum; nothing behind the last one, where the archive has its whole
    /// table of contents. Throws DataError, a line, for what another program wrote, and what is cut off or altered.
    [[nodiscard]] std::optional<StoredEntry> next();

    /// Throws DataError: `where` and `what`.
    [[noreturn]] void refuse(const char* what) const;

private:
    std::string_view take(std::size_t count);
    void check_end() const;

    std::string_view archive_;
    std::string_view rest_;
    const std::string& where_;
    std::size_t entries_ = 0;  // so far
};

}  // namespace fedgram::learning::torchscript
