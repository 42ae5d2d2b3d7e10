#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What one meter read of a host during a training, as it stands in summary.json and crosses the wire. Never a joule
/// of the table: those are modelled.
struct MeterRecord {
    struct Gap {
        Seconds seconds;
        std::string reason;  ///< names the sensor, and what it did
    };

    std::string process;  ///< who read it: "coordinator", "client of nodes 0-4"
    std::string meter;
    std::string boundary;          ///< "chip", "module", "board", "wall"
    std::string method;            ///< "counter", "power_integrated", "estimated"
    std::optional<Joules> joules;  ///< nothing: missing, which is never zero
    std::optional<Joules> low;     ///< the band of an estimate; nothing for a measurement
    std::optional<Joules> high;
    std::vector<Gap> gaps;  ///< stretches of time that `joules` doesn't hold, or not wholly
    std::vector<std::string> warnings;
    std::optional<Seconds> busy{};  ///< of a GPU: the time in which any kernel ran
};

/// One JSON object, units in the keys; `low_joules` and `high_joules` stand only in an estimate,
/// `busy_seconds` only with a GPU.
[[nodiscard]] nlohmann::ordered_json to_json(const MeterRecord& record);

/// Throws SpecError that names the key below `path`, the value and what would be valid.
[[nodiscard]] MeterRecord parse_meter_record(const nlohmann::ordered_json& json, const std::string& path);

}  // namespace fedgram::energy
