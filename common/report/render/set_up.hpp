#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/report/table/table.hpp"

// What tells a training from one of all layers, from drawn parameters, in float32: a reader of its joules must know.
namespace fedgram::report {

/// Of the table's trainings, each note without a full stop: the model that they begin with, what stays as it is and
/// the precision of products. None where there is nothing to say.
[[nodiscard]] std::vector<std::string> set_up_notes(const Table& table);

/// The same of one training, for a sentence about it: "begins with the model in first/central.pt, whose own training
/// isn't counted; products in bfloat16, priced at float32 rates". Empty where there is nothing to say.
[[nodiscard]] std::string set_up_words(const run::TrainingOutcome& outcome);

/// The same as keys, those that there are: `start`, `frozen` and `precision`.
[[nodiscard]] nlohmann::ordered_json set_up_json(const run::TrainingOutcome& outcome);

}  // namespace fedgram::report
