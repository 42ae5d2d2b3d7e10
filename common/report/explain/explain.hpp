#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"

namespace fedgram::report {

enum class Figures { left_out, shown };

/// The whole chain of one cell, so that it can be redone by hand: Work, times, energy, emissions, each with its formula
/// and the numbers put in; on request every figure with its band, standing and source. `run` is what `table` was built
/// from.
[[nodiscard]] std::string explain(const Table& table, const run::RunRecord& run, const Cell& cell,
                                  Figures figures = Figures::left_out);

/// The same facts with units in the keys, unrounded. `gco2e` is null for a training that missed its target; what that
/// spent is `emissions.spent_gco2e`. `emissions.gco2e_per_kwh` is the cell's effective intensity, `emissions.places`
/// has what is drawn in each place and the intensity met there, by the hour with the hours.
[[nodiscard]] nlohmann::ordered_json explain_json(const Table& table, const run::RunRecord& run, const Cell& cell);

}  // namespace fedgram::report
