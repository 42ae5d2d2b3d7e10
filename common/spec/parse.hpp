#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/experiment.hpp"

namespace fedgram::spec {

/// Reads JSON text; comments (// and /* */) are allowed, a key that stands twice in one object is not. `where` names
/// the text in errors. Throws SpecError: `WHERE:LINE:COLUMN: what is wrong`.
[[nodiscard]] nlohmann::ordered_json parse_json_text(std::string_view text, std::string_view where);

/// Reads a spec, written by a user or resolved. What a training doesn't say comes from the section of its kind
/// (`centralized`, `federated`), then from the defaults in experiment.hpp. A training's `partition` of another kind
/// than its section's replaces that one; one of the same kind, or without `kind`, changes only what it states. Throws
/// SpecError that names the key's path, the value and what would be valid; all mistakes at once, a line each (in
/// `data`, a model, a partition and an aggregation only the first). Names (of built-in models, datasets, devices,
/// countries) are left to whoever knows them.
[[nodiscard]] Experiment parse_experiment(const nlohmann::ordered_json& spec);

/// The resolved form: every training in full, no sections for what they share. parse_experiment reads it back equal.
[[nodiscard]] nlohmann::ordered_json to_json(const Experiment& experiment);

}  // namespace fedgram::spec
