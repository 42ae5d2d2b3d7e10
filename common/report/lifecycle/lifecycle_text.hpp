#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/report/lifecycle/lifecycle.hpp"

namespace fedgram::report {

/// What the requests of a life that is possible are priced by: "serving record", or a name of energy::RequestBasis.
[[nodiscard]] std::string priced_by(const Life& life);

/// What counts by assumption, what doesn't count at all, and which figures aren't known; as sentences.
[[nodiscard]] std::vector<std::string> life_notes(const Lifecycle& lives);

/// The first life that is possible part by part, each with how it comes about; all lives side by side; from how many
/// predictions on one emits less than another; the share of inference beside what others have said; the notes.
[[nodiscard]] std::string lifecycle_text(const Lifecycle& lives);

/// The same facts of every life, unrounded, with units in the keys.
[[nodiscard]] nlohmann::ordered_json lifecycle_json(const Lifecycle& lives);

}  // namespace fedgram::report
