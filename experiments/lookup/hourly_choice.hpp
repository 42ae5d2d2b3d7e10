#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::experiments {

/// How the files of --hourly are read, as the command line states it. What is empty isn't stated.
struct HourlyChoice {
    std::optional<std::string> basis{};  ///< "lifecycle", "direct"
    std::string time_column{};
    std::string value_column{};
    std::string time_zone{};  ///< "UTC", "+01:00"
    std::optional<double> fill_gaps_h{};
    bool forecast = false;

    friend bool operator==(const HourlyChoice&, const HourlyChoice&) = default;
};

/// The same as keys of an object with `hourly` in a specification.
[[nodiscard]] nlohmann::ordered_json keys_of(const HourlyChoice& choice);

}  // namespace fedgram::experiments
