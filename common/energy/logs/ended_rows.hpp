#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/energy/logs/log_builder.hpp"
#include "common/energy/logs/log_text.hpp"
#include "common/energy/logs/power_log.hpp"

namespace fedgram::power_logs {

/// What a row tells of the stretch that ends at its time: its energy or its mean power. Neither: it has no value.
struct EndedRow {
    LogLine line;
    LogTime at{};
    std::optional<Joules> energy;
    std::optional<Watts> mean_power;
};

/// The row's stretch, from `begin` on. It has a value.
[[nodiscard]] EnergyInterval interval_of(const EndedRow& row, LogTime begin);

/// Adds an interval for each row, which begins where the row before ended. A row behind a longer pause than
/// five times the usual step, or behind a clock that went back, begins one `step` before its own time: nobody logged
/// what was before. The first begins at `begin`, or likewise. `step` is the median one where it isn't given. Throws
/// DataError with the line for two rows of one time.
void add_ended_rows(const std::vector<EndedRow>& rows, std::optional<LogTime> begin, std::optional<LogTime> step,
                    LogBuilder& builder, std::vector<std::string>& notes);

}  // namespace fedgram::power_logs
