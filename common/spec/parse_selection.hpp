#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/selection.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// Reads the key `selection`, which must be there: a policy's name alone, or an object. One without a policy builds on
/// what `selection` is already, unless that was `refused`: then nothing is said of it. Throws SpecError with a line for
/// each mistake, and leaves `selection` as it is then.
void read_selection(StrictObject& training, Selection& selection, bool refused);

/// Sets `candidates` where power-of-choice says nothing of them: twice the cohort, or all nodes where those are fewer.
/// Throws SpecError unless they are from the cohort's size to the number of nodes. `path` is the selection's.
void settle_candidates(Selection& selection, const std::string& path, std::uint32_t cohort, std::uint32_t nodes);

/// All of a selection that counts, to be parsed again.
[[nodiscard]] nlohmann::ordered_json to_json(const Selection& selection);

}  // namespace fedgram::spec
