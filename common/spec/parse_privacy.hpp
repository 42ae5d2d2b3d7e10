#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/experiment.hpp"
#include "common/spec/privacy.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// Reads the key `privacy`, which must be there: an object. It builds on what `privacy` is already.
/// Where that was `refused`, nothing is said of what the object lacks. Throws SpecError with a line for each mistake,
/// and leaves `privacy` as it is then.
void read_privacy(StrictObject& training, std::optional<Privacy>& privacy, bool refused);

/// All that counts, to be parsed again.
[[nodiscard]] nlohmann::ordered_json to_json(const Privacy& privacy);

/// Throws SpecError for the privacy of a training, which has one, that makes no sense with what else the training has,
/// with the reason. `path` is the training's: "trainings.fed".
void check_privacy(const Federated& training, const std::string& path);

}  // namespace fedgram::spec
