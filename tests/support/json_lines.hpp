#pragma once

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.hpp"

namespace fedgram::test {

/// The lines of a .jsonl file.
inline std::vector<nlohmann::json> json_lines(const std::filesystem::path& file)
{
    std::istringstream text{read_file(file)};
    std::vector<nlohmann::json> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
}

}  // namespace fedgram::test
