#include "common/carbon/grid/hourly_intensity.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::carbon {

namespace {

constexpr double hour_s = 3600;

}  // namespace

std::vector<Joules> energy_by_hour(std::span<const LoadInterval> load)
{
    std::vector<Joules> hours;
    double begin = 0;
    for (const auto& interval : load) {
        const double duration = interval.duration.count();
        begin += interval.waited.count();
        const double end = begin + duration;
        const auto needed = static_cast<std::size_t>(std::ceil(end / hour_s));
        if (needed > hours.size()) hours.resize(needed);
        for (auto hour = static_cast<std::size_t>(begin / hour_s); hour < needed; ++hour) {
            const double from = std::max(begin, static_cast<double>(hour) * hour_s);
            const double until = std::min(end, static_cast<double>(hour + 1) * hour_s);
            if (until > from) hours[hour] += interval.energy * ((until - from) / duration);
        }
        begin = end;
    }
    return hours;
}

GramsPerKilowattHour hourly_intensity(const HourlySeries& series, std::span<const LoadInterval> load)
{
    const auto there = series.values();
    // Before an hour of it is made: a training may take longer than any list of hours.
    double end = 0;
    for (const auto& interval : load) end += (interval.waited + interval.duration).count();
    const double needed = std::ceil(end / hour_s);
    if (!(needed <= static_cast<double>(there.size())))
        throw SpecError{"the series has " + std::to_string(there.size()) + " h from " + text::utc_text(series.begin()) +
                        " on and the training needs " + text::shortest(needed) +
                        "; start earlier, or give a longer series"};
    const auto drawn = energy_by_hour(load);
    double weighted = 0;  // g/kWh times J
    double energy = 0;
    for (std::size_t hour = 0; hour < drawn.size(); ++hour) {
        weighted += there[hour].count() * drawn[hour].count();
        energy += drawn[hour].count();
    }
    return energy > 0 ? GramsPerKilowattHour{weighted / energy} : there.front();
}

}  // namespace fedgram::carbon
