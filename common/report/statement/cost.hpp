#pragma once

#include <optional>

#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

/// What a column costs beside carbon, and what its model will cost in use.
struct ColumnCost {
    double electricity_usd = 0;      ///< devices with PUE and network, at `energy_usd_per_kwh`
    std::optional<double> rent_usd;  ///< device hours at the profile's rental price; contains the electricity
    /// Energy of one prediction on the column's device, with PUE: the forward passes of the training's evaluations, in
    /// their batches, and of frozen layers for each. Nothing when the ledger has none.
    std::optional<Joules> per_prediction;
    /// Predictions that draw as much as the training did. It is no break-even: nothing is saved by then.
    std::optional<double> predictions_as_training;

    /// What one would pay: the rent where there is one, else the electricity.
    [[nodiscard]] double usd() const { return rent_usd.value_or(electricity_usd); }
};

/// `run` is what `table` was built from.
[[nodiscard]] ColumnCost cost(const Table& table, const run::RunRecord& run, const Column& column);

}  // namespace fedgram::report
