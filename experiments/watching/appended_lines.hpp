#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace fedgram::experiments {

/// Follows a file to which another process appends lines.
class AppendedLines {
public:
    explicit AppendedLines(std::filesystem::path path) : path_{std::move(path)} {}

    struct More {
        std::string text;   ///< whole lines, each with its newline
        bool anew = false;  ///< the file no longer begins as it did: these are its lines from the first on
    };
    /// What has come since the last call; nothing of a file that isn't there. Throws SystemError for one that can't be
    /// read, or is none.
    [[nodiscard]] More more();

private:
    std::filesystem::path path_;
    std::uint64_t read_ = 0;  // bytes
    std::string last_;        // of them, some: a file that was cut back and grew has others there
};

}  // namespace fedgram::experiments
