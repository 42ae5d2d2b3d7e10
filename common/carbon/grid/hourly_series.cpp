#include "common/carbon/grid/hourly_series.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::carbon {

using std::chrono::hours;
using std::chrono::sys_seconds;

namespace {

constexpr auto one_hour = std::chrono::seconds{hours{1}};

void check_on_the_hour(sys_seconds start)
{
    if (start != std::chrono::floor<hours>(start))
        throw SpecError{text::utc_text(start) + " is not on the hour; use " +
                        text::utc_text(std::chrono::floor<hours>(start))};
}

}  // namespace

HourlySeries::HourlySeries(sys_seconds begin, std::vector<GramsPerKilowattHour> values)
    : begin_{begin}, hours_{std::move(values)}
{
    if (hours_.empty()) throw SpecError{"an hourly series without an hour; give one value for each hour"};
    check_on_the_hour(begin);
}

HourlySeries HourlySeries::from(sys_seconds start) const
{
    check_on_the_hour(start);
    static_cast<void>(at(start));
    return {start, {hours_.begin() + (start - begin_) / one_hour, hours_.end()}};
}

sys_seconds HourlySeries::end() const { return begin_ + one_hour * static_cast<std::int64_t>(hours_.size()); }

GramsPerKilowattHour HourlySeries::at(sys_seconds instant) const
{
    if (instant < begin_ || instant >= end())
        throw SpecError{text::utc_text(instant) + " is outside the series; use a time from " + text::utc_text(begin_) +
                        " to " + text::utc_text(end() - one_hour)};
    return hours_[static_cast<std::size_t>((instant - begin_) / one_hour)];
}

GramsPerKilowattHour HourlySeries::mean(sys_seconds start, std::chrono::seconds duration) const
{
    if (duration <= std::chrono::seconds{0}) throw SpecError{"duration: not valid; use more than 0 hours"};
    if (start < begin_ || start + duration > end())
        throw SpecError{text::utc_text(start) + " to " + text::utc_text(start + duration) +
                        " is not within the series, which goes from " + text::utc_text(begin_) + " to " +
                        text::utc_text(end()) + "; start elsewhere or take less time"};
    double weighted = 0;  // g/kWh times s
    for (auto now = start; now < start + duration;) {
        const auto next = std::min(std::chrono::floor<hours>(now) + one_hour, start + duration);
        weighted += at(now).count() * static_cast<double>((next - now).count());
        now = next;
    }
    return GramsPerKilowattHour{weighted / static_cast<double>(duration.count())};
}

}  // namespace fedgram::carbon
