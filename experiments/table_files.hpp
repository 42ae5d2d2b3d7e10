#pragma once

#include <filesystem>

namespace fedgram::experiments {

/// Writes table.txt, .md, .csv, .json and .tex into the run folder, from what is in it alone.
void write_table_files(const std::filesystem::path& run);

}  // namespace fedgram::experiments
