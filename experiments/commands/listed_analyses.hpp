#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::experiments {

/// Whether the lines of an analysis's measurements are held against their digests, and counted.
enum class Measurements { believed, checked };

/// The analyses of how a model is served in `folder` itself and beneath its runs, a list by folder: where each stands,
/// and of a whole one its goal, what was found, and its best configuration; null of what isn't known. One that is
/// damaged has the reason under "error".
[[nodiscard]] nlohmann::ordered_json analyses_json(const std::filesystem::path& folder, Measurements measurements);

/// The most of `sort` first, what has none last: joules, grams or dollars of 1,000 answers, or for "time" p99. By
/// folder where it is empty.
void sort_analyses(nlohmann::ordered_json& analyses, const std::string& sort);

/// As a table, a line each, and beneath it what is wrong with damaged ones.
[[nodiscard]] std::string analyses_text(const nlohmann::ordered_json& analyses);

}  // namespace fedgram::experiments
