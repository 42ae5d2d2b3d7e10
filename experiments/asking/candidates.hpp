#pragma once

#include <filesystem>
#include <string>

#include "experiments/asking/candidate.hpp"

namespace fedgram::experiments {

/// Those of a run's folder, column by column of its table, or of a sweep's, setting by setting; of the training with
/// this label alone, unless it is empty. Grams are in the first country; a sweep's are those of rounds.jsonl, of each
/// training's first column. Throws DataError where a file is damaged, SpecError where the folder is neither, nothing of
/// it can be asked, or no training has that label.
[[nodiscard]] Candidates candidates_of(const std::filesystem::path& folder, const std::string& training);

}  // namespace fedgram::experiments
