#pragma once

#include <optional>
#include <span>

#include "common/energy/meters/meter_sampler.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::experiments {

/// What the machine drew while its meters ran for so long, by the one that encloses the most: wall before board, module
/// and chip; of two alike a counter wins. Nothing by meters that missed something, or that move so seldom that a tenth
/// of that time may be lost.
[[nodiscard]] std::optional<Joules> metered_joules(std::span<const energy::MeterReading> readings, Seconds length);

}  // namespace fedgram::experiments
