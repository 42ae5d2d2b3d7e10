#pragma once

#include <string_view>
#include <vector>

namespace fedgram::experiments {

/// A file that is part of the program, so that it is there wherever the program lies.
struct ShippedFile {
    std::string_view path;  ///< "specs/table4.json"
    std::string_view text;
};

[[nodiscard]] const std::vector<ShippedFile>& shipped_files();

}  // namespace fedgram::experiments
