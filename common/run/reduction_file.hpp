#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/work/work.hpp"
#include "common/learning/levers/reduction_result.hpp"

namespace fedgram::run {

// DIR/reductions holds two files of each reduction, by its label: LABEL.json, which says what was done and what came
// of it, and LABEL.fgm, the model. The second is written first, so that a reduction with the first is whole.

[[nodiscard]] std::filesystem::path reduction_file(const std::filesystem::path& run, const std::string& label);
[[nodiscard]] std::filesystem::path reduced_model_file(const std::filesystem::path& run, const std::string& label);

/// What a lever's training or passes take.
[[nodiscard]] nlohmann::ordered_json to_json(const energy::Work& work);
[[nodiscard]] nlohmann::ordered_json to_json(const learning::ModelFigures& figures);
[[nodiscard]] nlohmann::ordered_json to_json(const learning::ReductionResult& result);
/// Throws SpecError that names the key below `path`.
[[nodiscard]] learning::ReductionResult parse_reduction_result(const nlohmann::ordered_json& json,
                                                               const std::string& path);

/// Writes LABEL.json by a temporary name and a rename. Throws SystemError.
void write_reduction(const std::filesystem::path& run, const learning::ReductionResult& result);

/// Those of a run folder, by their labels; none where it has no such folder. Throws DataError that names the file and
/// the key.
[[nodiscard]] std::vector<learning::ReductionResult> read_reductions(const std::filesystem::path& run);

}  // namespace fedgram::run
