#include "experiments/lookup/hourly_choice.hpp"

#include <nlohmann/json.hpp>

namespace fedgram::experiments {

nlohmann::ordered_json keys_of(const HourlyChoice& choice)
{
    auto keys = nlohmann::ordered_json::object();
    if (choice.basis) keys["basis"] = *choice.basis;
    if (!choice.time_column.empty()) keys["time_column"] = choice.time_column;
    if (!choice.value_column.empty()) keys["value_column"] = choice.value_column;
    if (!choice.time_zone.empty()) keys["time_zone"] = choice.time_zone;
    if (choice.fill_gaps_h) keys["fill_gaps_h"] = *choice.fill_gaps_h;
    if (choice.forecast) keys["forecast"] = true;
    return keys;
}

}  // namespace fedgram::experiments
