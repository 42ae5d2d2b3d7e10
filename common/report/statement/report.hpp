#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"

namespace fedgram::report {

/// What green AI asks to stand beside a result: the computational budget of each training (samples, FLOPs, device
/// hours, energy, seed, work lost), accuracy per joule and per gram in the table's first country, costs, utilization,
/// and for each column a statement that a paper can print as it is. `run` is what `table` was built from.
[[nodiscard]] std::string report(const Table& table, const run::RunRecord& run);

/// The same facts with units in the keys, unrounded; what isn't known is null. A column's `gco2e_per_kwh` is its
/// effective intensity. A training that missed its target counts
/// with what it spent, and says so by `reached_target`.
[[nodiscard]] nlohmann::ordered_json report_json(const Table& table, const run::RunRecord& run);

/// One cell as the section `co2_eq_emissions` of a model card (Hugging Face's keys; grams). Throws SpecError for a
/// training that missed its target: there is no such model.
[[nodiscard]] std::string model_card(const Table& table, const Cell& cell);

}  // namespace fedgram::report
