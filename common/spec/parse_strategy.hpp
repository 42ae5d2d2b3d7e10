#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/experiment.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// Reads the key `strategy`, which must be there: a kind alone, or an object. One without a kind builds on what
/// `strategy` is already, unless that was `refused`: then nothing is said of it. Throws SpecError with a line for each
/// mistake, and leaves `strategy` as it is then.
void read_strategy(StrictObject& training, Strategy& strategy, bool refused);

/// Throws SpecError for a strategy that makes no sense with what else the training has, with the reason. `path` is the
/// training's: "trainings.fed".
void check_strategy(const Federated& training, const std::string& path);

/// All of a strategy that counts, to be parsed again.
[[nodiscard]] nlohmann::ordered_json to_json(const Strategy& strategy);

}  // namespace fedgram::spec
