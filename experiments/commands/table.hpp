#pragma once

#include <filesystem>
#include <string>

#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

class CommandSet;

/// `fedgram table`: the table anew from a run folder, without training.
struct TableOptions {
    std::filesystem::path run;
    AssumptionOptions assumptions{};
    std::string format = "text";
};
[[nodiscard]] int table(const TableOptions& options);

/// Writes the run's table, by its own assumptions, into its folder: table.txt, .md, .csv, .json and
/// .tex, and emissions.csv under CodeCarbon's column names. Returns what fits on a first screen: the cells, what they
/// answer, what went wrong, and where the rest is. Throws SpecError when these assumptions give no table; it names the
/// command that makes one.
std::string write_tables(const std::filesystem::path& run_folder);

/// Its options and its help.
void add_table(CommandSet& commands);

}  // namespace fedgram::experiments
