#include "common/energy/logs/ended_rows.hpp"

#include <cstddef>

#include "common/energy/logs/usual_step.hpp"

namespace fedgram::power_logs {

EnergyInterval interval_of(const EndedRow& row, LogTime begin)
{
    const Seconds length{(row.at - begin).count()};
    return {begin, row.at, row.energy ? *row.energy : *row.mean_power * length};
}

void add_ended_rows(const std::vector<EndedRow>& rows, std::optional<LogTime> begin, std::optional<LogTime> step,
                    LogBuilder& builder, std::vector<std::string>& notes)
{
    std::vector<LogTime> times;
    for (const auto& row : rows) times.push_back(row.at);
    if (!step) step = median_step(times);
    std::size_t missing = 0;
    std::optional<LogTime> before = begin;
    for (const auto& row : rows) {
        if (before == row.at) row.line.refuse("bears the same time as the one before");
        const bool follows = before && row.at > *before && (!step || row.at - *before <= *step * usual_steps);
        if (!row.energy && !row.mean_power)
            ++missing;
        else if (follows || step)
            builder.add_interval(row.line, interval_of(row, follows ? *before : row.at - *step));
        else
            row.line.refuse("is the only row, so nobody knows when its energy begins; give the interval");
        before = row.at;
    }
    if (missing > 0)
        notes.push_back(std::to_string(missing) + " rows have no value, which makes a gap each and no zero");
}

}  // namespace fedgram::power_logs
