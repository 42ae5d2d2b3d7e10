#pragma once

#include <chrono>

#include "common/energy/meters/meter.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// Host time from one instant to another.
[[nodiscard]] inline Seconds elapsed(Instant from, Instant until)
{
    return Seconds{std::chrono::duration<double>{until - from}.count()};
}

}  // namespace fedgram::energy
