#pragma once

#include <string>

#include "common/units/quantity.hpp"

namespace fedgram::text {

/// The unit in which people read a mass, from µg to t: "mg" for 0.0023 g, so that no row of zeros leads it.
struct MassUnit {
    std::string name;
    double per_gram;  ///< how many of it are a gram

    /// Three significant digits, without the unit.
    [[nodiscard]] std::string text(GramsCO2e mass) const;
};

/// Grams from 0.01 to 10,000, and for nothing at all.
[[nodiscard]] MassUnit mass_unit(GramsCO2e mass);

}  // namespace fedgram::text
