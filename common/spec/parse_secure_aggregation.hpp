#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/experiment.hpp"
#include "common/spec/secure_aggregation.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// Reads the key `secure_aggregation`, which must be there. `false` is none; `true` and an object build on what
/// `aggregation` is already, or on the defaults. Throws SpecError with a line for each mistake, and leaves
/// `aggregation` as it is then. What depends on the cohort is left to `check_neighbourhood` and `check_ring`.
void read_secure_aggregation(StrictObject& training, std::optional<SecureAggregation>& aggregation);

/// All that is stated or has a fixed default, to be parsed again.
[[nodiscard]] nlohmann::ordered_json to_json(const SecureAggregation& aggregation);

/// Throws SpecError for what can't be had with it, with the reason. `path` is the training's: "trainings.fed".
void check_secure_aggregation(const Federated& training, const std::string& path);

}  // namespace fedgram::spec
