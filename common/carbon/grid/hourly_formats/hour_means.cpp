#include "common/carbon/grid/hourly_formats/hour_means.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace fedgram::carbon {

using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

constexpr seconds one_hour = hours{1};

}  // namespace

void HourMeans::add(sys_seconds begin, seconds length, GramsPerKilowattHour intensity, Origin origin)
{
    if (hours_.empty()) begin_ = std::chrono::floor<hours>(begin);
    for (auto from = begin; from < begin + length;) {
        const auto hour = std::chrono::floor<hours>(from);
        const auto until = std::min<sys_seconds>(hour + one_hour, begin + length);
        const auto index = static_cast<std::size_t>((hour - begin_) / one_hour);
        if (index == hours_.size()) hours_.emplace_back();
        auto& mean = hours_[index];
        // A whole hour's share is 1, so that its mean is its value to the last bit.
        mean.mean += intensity.count() * (static_cast<double>((until - from).count()) / 3600.0);
        mean.covered += until - from;
        mean.filled = mean.filled || origin == Origin::filled;
        mean.forecast = mean.forecast || origin == Origin::forecast;
        from = until;
    }
}

std::optional<MadeHours> HourMeans::finish() &&
{
    HourOrigins origins;
    std::vector<GramsPerKilowattHour> means;
    sys_seconds first;
    for (std::size_t i = 0; i < hours_.size(); ++i) {
        const auto& hour = hours_[i];
        const auto begin = begin_ + one_hour * static_cast<seconds::rep>(i);
        if (hour.covered != one_hour) {
            origins.left_out += std::chrono::duration_cast<std::chrono::minutes>(hour.covered);
            continue;
        }
        if (means.empty()) first = begin;
        means.emplace_back(hour.mean);
        if (hour.filled) origins.filled.push_back(begin);
        if (hour.forecast) origins.forecast.push_back(begin);
    }
    if (means.empty()) return std::nullopt;
    return MadeHours{HourlySeries{first, std::move(means)}, std::move(origins)};
}

}  // namespace fedgram::carbon
