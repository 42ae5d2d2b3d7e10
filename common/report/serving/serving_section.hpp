#pragma once

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/run/analysis_file.hpp"

namespace fedgram::report {

/// What analyses have found about how a run's models are best served, one after the other: goal, sentence, the best
/// beside the default, joules by load, and what the figures enclose. Columns that nothing is known of are left out.
/// Empty where there are none.
[[nodiscard]] std::string serving_section(std::span<const run::Analysis> analyses);

/// The same facts: a list of what each analysis.json holds, with its name as `analysis`.
[[nodiscard]] nlohmann::ordered_json serving_json(std::span<const run::Analysis> analyses);

}  // namespace fedgram::report
