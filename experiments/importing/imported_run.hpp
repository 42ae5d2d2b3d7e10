#pragma once

#include <filesystem>
#include <string>

#include "common/carbon/assumptions/accounting.hpp"
#include "experiments/importing/recorded_work.hpp"

namespace fedgram::experiments {

/// Where recorded work comes from, and what its files call it.
struct ImportSource {
    std::string name;     ///< of the run
    std::string model;    ///< any text
    std::string dataset;  ///< any text
    std::string file;     ///< the name of the CSV file, without its folder
    std::string sha256;   ///< of the file
};

/// spec.json of an imported run: what is known of it, and the assumptions that price it. It can't be run.
[[nodiscard]] std::string imported_spec(const RecordedWork& work, const ImportSource& source,
                                        const carbon::Accounting& accounting);

/// Writes the other files of a run beside the spec.json that is there: ledger.jsonl, rounds.jsonl, events.jsonl and
/// summary.json, priced by `accounting`. Throws SystemError when one can't be written.
void write_imported_run(const std::filesystem::path& folder, const RecordedWork& work, const ImportSource& source,
                        const carbon::Accounting& accounting);

}  // namespace fedgram::experiments
