#pragma once

#include <nlohmann/json_fwd.hpp>

#include "experiments/asking/break_even_question.hpp"
#include "experiments/asking/choice.hpp"

namespace fedgram::experiments {

/// The answers as `fedgram ask --json` prints them, unrounded, with their sentences.
[[nodiscard]] nlohmann::ordered_json choice_json(const Candidates& candidates, const Objective& objective,
                                                 const Choice& choice);
[[nodiscard]] nlohmann::ordered_json break_even_json(const BreakEvenAnswer& answer);

}  // namespace fedgram::experiments
