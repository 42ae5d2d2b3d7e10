#pragma once

#include <filesystem>

namespace fedgram::experiments {

/// Throws SystemError where `file` is there and no page, which a page would overwrite.
void refuse_unless_page(const std::filesystem::path& file);

/// The same of a drawing, as SVG begins that fedgram writes.
void refuse_unless_drawing(const std::filesystem::path& file);

}  // namespace fedgram::experiments
