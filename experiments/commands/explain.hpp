#pragma once

#include <filesystem>
#include <string>

#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

class CommandSet;

/// `fedgram explain`: the chain of one cell of a run's table, as "COUNTRY/COLUMN" names it, or of a smaller model, as
/// "COUNTRY/LABEL".
struct ExplainOptions {
    std::filesystem::path run;
    std::string cell;
    AssumptionOptions assumptions{};
    bool figures = false;  ///< in the text: each figure with its source
    bool json = false;
};
[[nodiscard]] int explain(const ExplainOptions& options);

/// Its options and its help.
void add_explain(CommandSet& commands);

}  // namespace fedgram::experiments
