#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::spec {

/// Applies `KEY=VALUE` settings to a spec before it is parsed. A value is JSON, or a text where it is no JSON.
/// `centralized.X` and `federated.X` are set in every training of that kind and beat what the training itself says;
/// `trainings.LABEL.X` is set in one training and beats those; other keys stand for themselves. Of two settings of
/// one key the later one counts. Setting the kind of a partition, an aggregation, a selection, a strategy, a
/// compression or a schedule drops what belongs to its former kind. Where a word alone stands for such a kind, or
/// `true` for secure aggregation, a key below it is set beside the word. Throws SpecError, with a line for each, for a
/// setting without '=', one that isn't UTF-8, nests too deep or states a key twice, and for an unknown label (lists the
/// labels).
void apply_overrides(nlohmann::ordered_json& spec, const std::vector<std::string>& sets);

}  // namespace fedgram::spec
