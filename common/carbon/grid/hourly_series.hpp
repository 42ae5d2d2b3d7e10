#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// Grid intensity hour by hour, without a gap: each value holds from its hour until the next. hourly_formats/ makes one
/// of the files that people have.
class HourlySeries {
public:
    /// `values` hour by hour from `begin` on. Throws SpecError without any, or when `begin` isn't on the hour.
    HourlySeries(std::chrono::sys_seconds begin, std::vector<GramsPerKilowattHour> values);

    /// The same from an hour on. Throws SpecError when `start` isn't on the hour, or outside begin() to end().
    [[nodiscard]] HourlySeries from(std::chrono::sys_seconds start) const;

    [[nodiscard]] std::span<const GramsPerKilowattHour> values() const { return hours_; }
    [[nodiscard]] std::chrono::sys_seconds begin() const { return begin_; }
    /// When the last hour is over.
    [[nodiscard]] std::chrono::sys_seconds end() const;

    /// Throws SpecError outside begin() to end().
    [[nodiscard]] GramsPerKilowattHour at(std::chrono::sys_seconds instant) const;

    /// The mean over [start, start + duration), each hour weighted by the time spent in it: what a constant draw of
    /// power meets. Throws SpecError for a duration that isn't positive, or one that leaves begin() to end().
    [[nodiscard]] GramsPerKilowattHour mean(std::chrono::sys_seconds start, std::chrono::seconds duration) const;

    friend bool operator==(const HourlySeries&, const HourlySeries&) = default;

private:
    std::chrono::sys_seconds begin_;
    std::vector<GramsPerKilowattHour> hours_;
};

}  // namespace fedgram::carbon
