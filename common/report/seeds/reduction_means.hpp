#pragma once

#include <span>

#include <nlohmann/json_fwd.hpp>

#include "common/report/render/reductions_text.hpp"
#include "common/report/seeds/seed_table.hpp"

namespace fedgram::report {

// What levers have made of models, over runs of one specification that differ in the seed alone: means with the
// deviation of the sample. `runs` are at least one; a row that one of them lacks is left out.

/// The columns of `reduced_models`.
[[nodiscard]] TextRows reduced_models(std::span<const SeededTable> runs);

/// Those of `request_joules`, computing and waiting in one sum, `request_grams` and `request_break_even`. What a device
/// can't answer in one of the runs has no number.
[[nodiscard]] TextRows request_joules(std::span<const SeededTable> runs);
[[nodiscard]] TextRows request_grams(std::span<const SeededTable> runs);
[[nodiscard]] TextRows request_break_even(std::span<const SeededTable> runs);

/// All of these, each beneath an empty line; empty without rows.
[[nodiscard]] std::string reductions_section(std::span<const SeededTable> runs);

/// Each run's own rows, unrounded, by its seed.
[[nodiscard]] nlohmann::ordered_json reductions_json(std::span<const SeededTable> runs);

}  // namespace fedgram::report
