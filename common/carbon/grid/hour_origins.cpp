#include "common/carbon/grid/hour_origins.hpp"

#include <nlohmann/json.hpp>

#include "common/text/joined.hpp"

namespace fedgram::carbon {

HourOrigins HourOrigins::from(std::chrono::sys_seconds start) const
{
    auto rest = *this;
    const auto is_before = [&](std::chrono::sys_seconds hour) { return hour < start; };
    std::erase_if(rest.filled, is_before);
    std::erase_if(rest.forecast, is_before);
    return rest;
}

std::string origins_text(const HourOrigins& origins)
{
    std::vector<std::string> parts;
    if (!origins.filled.empty()) parts.push_back(std::to_string(origins.filled.size()) + " h filled in");
    if (!origins.forecast.empty()) parts.push_back(std::to_string(origins.forecast.size()) + " h forecast");
    if (origins.left_out != std::chrono::minutes{})
        parts.push_back(std::to_string(origins.left_out.count()) + " min at the ends left out");
    return text::joined(parts);
}

nlohmann::ordered_json origins_json(const HourOrigins& origins)
{
    return {{"filled_hours", origins.filled.size()},
            {"forecast_hours", origins.forecast.size()},
            {"left_out_min", origins.left_out.count()}};
}

}  // namespace fedgram::carbon
