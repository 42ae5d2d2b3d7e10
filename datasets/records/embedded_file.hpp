#pragma once

#include <span>
#include <string_view>

namespace fedgram::datasets {

struct EmbeddedFile {
    std::string_view path;
    std::string_view text;
};

/// All records, in ascending order of path. Defined in a source that
/// embed.cmake writes.
extern const std::span<const EmbeddedFile> embedded_records;

}  // namespace fedgram::datasets
