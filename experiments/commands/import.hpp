#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

class CommandSet;

struct ImportOptions {
    std::filesystem::path file;
    std::optional<std::filesystem::path> out{};
    std::string name{};  ///< empty: as the file is called
    std::string model = "a model of another framework";
    std::string dataset = "another framework's data";
    AssumptionOptions assumptions{};
    bool full = false;  ///< the whole table.txt on standard output
};

/// `fedgram import`: makes a run folder of Work that another framework recorded, prices it and prints its table. Throws
/// DataError where the file isn't as parse_recorded_work wants it, SpecError where a name or an assumption is wrong;
/// then no folder is left.
[[nodiscard]] int import_work(const ImportOptions& options);

/// Its options and its help.
void add_import(CommandSet& commands);

}  // namespace fedgram::experiments
