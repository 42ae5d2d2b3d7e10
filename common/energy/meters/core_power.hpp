#pragma once

#include <string>

#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What one busy core draws, as the user states it: there is no default. Throws SpecError, which names
/// the option --core-w, unless 0 < low <= likely <= high <= 1e6.
class CorePower {
public:
    CorePower(Watts low, Watts likely, Watts high);

    [[nodiscard]] Watts low() const { return low_; }
    [[nodiscard]] Watts likely() const { return likely_; }
    [[nodiscard]] Watts high() const { return high_; }

private:
    Watts low_;
    Watts likely_;
    Watts high_;
};

/// "4:7:12" as low, likely and high watts, or "7" as all three. Throws SpecError on anything else.
[[nodiscard]] CorePower parse_core_power(const std::string& text);

}  // namespace fedgram::energy
