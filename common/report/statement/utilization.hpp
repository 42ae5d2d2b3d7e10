#pragma once

#include <optional>

#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

/// How well a column's devices were used, in virtual time, or as measured. The share of the sustained rate is how far
/// steps, memory and transfers keep a device from what its profile says it can train.
struct Utilization {
    Seconds busy;     ///< device time of training and transfers, summed over nodes
    Seconds waiting;  ///< for the slowest node of each round, summed over nodes; whether it is counted or not
    /// Of `busy`: the device waits for the host that launches its kernels or loads its samples. Nothing where a meter
    /// doesn't tell.
    std::optional<Seconds> host;
    std::optional<double> busy_share;         ///< (busy - host) / (busy + waiting); nothing where there was no time
    std::optional<double> of_sustained_rate;  ///< trained FLOPs / (sustained rate x busy)
};

/// `run` is what the column's table was built from.
[[nodiscard]] Utilization utilization(const Table& table, const run::RunRecord& run, const Column& column);

}  // namespace fedgram::report
