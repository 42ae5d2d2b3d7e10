#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/experiment.hpp"

namespace fedgram::spec {

/// The section `data` of a specification, written by a user or resolved. Throws SpecError with a line for each mistake,
/// which names the key's path, the value and what would be valid.
[[nodiscard]] Data parse_data(const nlohmann::ordered_json& section);
/// In full; parse_data reads it back equal.
[[nodiscard]] nlohmann::ordered_json to_json(const Data& data);

/// Puts `folder` before the relative paths of a section's own files. Changes nothing in what isn't well formed, which
/// `parse_data` refuses.
void put_before_paths(nlohmann::ordered_json& section, const std::filesystem::path& folder);

}  // namespace fedgram::spec
