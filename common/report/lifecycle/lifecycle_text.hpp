#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/report/lifecycle/lifecycle.hpp"

namespace fedgram::report {

/// The first life that is possible part by part, each with its band, its cost and how it comes about; all lives side by
/// side; from how many predictions on one emits less than another; the share of inference beside what others have said;
/// the notes.
/// Whose parts are shown: of the first life that is possible, or of each.
enum class ShownParts { of_first, of_each };

[[nodiscard]] std::string lifecycle_text(const Lifecycle& lives, ShownParts parts = ShownParts::of_first);

/// The same facts of every life, unrounded, with units in the keys.
[[nodiscard]] nlohmann::ordered_json lifecycle_json(const Lifecycle& lives);

}  // namespace fedgram::report
