#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/report/seeds/statistics.hpp"
#include "common/statistics/censored_mean.hpp"
#include "experiments/sweep/sweep_report.hpp"

namespace fedgram::experiments {

/// What some rows of a sweep have in the mean. What it took to reach the target is of the rows that reached it alone; a
/// training without a target has reached it unless it diverged.
struct SweepMean {
    std::size_t rows = 0;
    std::size_t reached = 0;
    report::Statistics best_test_accuracy;
    report::Statistics spent_gco2e;  ///< of all rows, target reached or not
    std::optional<report::Statistics> gco2e{};
    std::optional<report::Statistics> rounds{};
    std::optional<report::Statistics> virtual_seconds{};
};

/// Of at least one row.
[[nodiscard]] SweepMean mean_of(const std::vector<const SweepRow*>& rows);

[[nodiscard]] bool has_reached(const SweepRow& row);

/// The grams until the target, or until the limit without one. What a row has spent that missed it is a lower bound.
[[nodiscard]] statistics::CensoredMean grams_to_target(const std::vector<const SweepRow*>& rows);

/// The rows of one training that differ in the seed alone.
struct SweepSetting {
    std::string training;
    std::vector<std::string> values;  ///< of the plan's keys
    std::vector<const SweepRow*> rows;
};

/// Training by training, each in the order of its first rows. They point at `rows`.
[[nodiscard]] std::vector<SweepSetting> settings_of(const std::vector<SweepRow>& rows);

}  // namespace fedgram::experiments
