#pragma once

#include <cstddef>

#include "common/energy/devices/device_profile.hpp"
#include "common/learning/levers/reduction_result.hpp"
#include "common/report/lifecycle/spent.hpp"
#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"

namespace fedgram::report {

// What making a model takes, in the table's first country. `run` is what `table` was built from.

/// The table's cell of a column, with its band.
[[nodiscard]] Spent training_spent(const Table& table, const run::RunRecord& run, std::size_t column);

/// The evaluations and aggregation of a training on the first data-centre device at the first PUE.
[[nodiscard]] Spent evaluation_spent(const Table& table, const run::RunRecord& run, std::size_t training);

/// The levers of a reduction, there, too.
[[nodiscard]] Spent levers_spent(const Table& table, const ReductionRow& row);

/// How far what a device's making counts can be from its likely value, by the figures of its making and its lifetime:
/// factors, 1 without a band.
[[nodiscard]] Ends<double> embodied_reach(const energy::DeviceProfile& profile);

}  // namespace fedgram::report
