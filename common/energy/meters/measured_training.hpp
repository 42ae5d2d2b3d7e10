#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/meters/meter_record.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What one meter read of the device that a centralized training ran on, in its train phases alone: neither
/// evaluations nor checkpoints are in it, as they aren't in the modelled joules of a column.
struct MeasuredTraining {
    MeterRecord reading;       ///< joules, gaps and busy time of the train phases
    std::uint32_t phases = 0;  ///< how many; one before each evaluation
    Seconds seconds;           ///< host time of them
    Seconds resolution;        ///< what the meter lags by, at each end of a phase

    /// Whether all of a training's phases were measured, without a gap.
    [[nodiscard]] bool whole(std::uint32_t all_phases) const;
    /// Only with joules.
    [[nodiscard]] Watts watts() const;
    /// The largest share by which the joules may be off for the resolution alone: phases x resolution / seconds.
    [[nodiscard]] double lag() const;
};

/// One JSON object, units in the keys.
[[nodiscard]] nlohmann::ordered_json to_json(const MeasuredTraining& measured);

/// Throws SpecError that names the key below `path`, the value and what would be valid.
[[nodiscard]] MeasuredTraining parse_measured_training(const nlohmann::ordered_json& json, const std::string& path);

/// What to say of phases that are too short for their meter, under ten times what it lags by; empty where they aren't.
[[nodiscard]] std::string too_short(const MeasuredTraining& measured);

}  // namespace fedgram::energy
