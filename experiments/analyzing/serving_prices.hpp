#pragma once

#include <optional>

#include "common/units/quantity.hpp"

namespace fedgram::experiments {

/// What turns a device's joules into those of the facility, and into grams.
struct ServingPrices {
    double pue = 1;                              ///< of devices in a data centre; others have none
    std::optional<GramsPerKilowattHour> grid{};  ///< nothing: no grams
};

}  // namespace fedgram::experiments
