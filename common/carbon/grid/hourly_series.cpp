#include "common/carbon/grid/hourly_series.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "common/carbon/grid/intensity_range.hpp"
#include "common/error/error.hpp"
#include "common/text/csv_rows.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::carbon {

using std::chrono::hours;
using std::chrono::sys_seconds;

namespace {

constexpr auto one_hour = std::chrono::seconds{hours{1}};

sys_seconds hour_of(const text::CsvRow& row, const std::string& where, const std::string& field)
{
    const auto time = text::parse_utc(field);
    if (!time)
        text::refuse_line(where, row.line, "utc_start: \"" + field + "\" is no time; write it as 2020-09-14T06:00:00Z");
    if (*time != std::chrono::floor<hours>(*time))
        text::refuse_line(where, row.line,
                          "utc_start: " + field + " is not on the hour; give one row for each whole hour");
    return *time;
}

void check_on_the_hour(sys_seconds start)
{
    if (start != std::chrono::floor<hours>(start))
        throw SpecError{text::utc_text(start) + " is not on the hour; use " +
                        text::utc_text(std::chrono::floor<hours>(start))};
}

/// Refuses a row that doesn't begin when the row above it ends.
void check_follows(const text::CsvRow& row, const std::string& where, sys_seconds above, sys_seconds time)
{
    if (time == above)
        text::refuse_line(where, row.line,
                          text::utc_text(time) + " is there twice, here and in the line above; keep one of the two");
    if (time < above)
        text::refuse_line(where, row.line,
                          text::utc_text(time) + " comes after " + text::utc_text(above) + "; sort the rows by time");
    if (time != above + one_hour)
        text::refuse_line(where, row.line,
                          "gap of " + std::to_string((time - above) / one_hour - 1) + " h: after " +
                              text::utc_text(above) + " comes " + text::utc_text(time) + "; add the row for " +
                              text::utc_text(above + one_hour));
}

}  // namespace

HourlySeries HourlySeries::parse_csv(std::string_view text, const std::string& where)
{
    constexpr std::array<std::string_view, 2> columns{"utc_start", "gco2e_per_kwh"};
    HourlySeries series;
    for (const auto& row : text::csv_rows(text, where, columns)) {
        const auto time = hour_of(row, where, row.fields[0]);
        if (series.hours_.empty())
            series.begin_ = time;
        else
            check_follows(row, where, series.end() - one_hour, time);
        series.hours_.push_back(intensity(row, where, row.fields[1]));
    }
    if (series.hours_.empty()) text::refuse_line(where, 1, "no row follows the heading; add one for each hour");
    return series;
}

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
