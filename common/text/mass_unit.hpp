#pragma once

#include <string>

#include "common/text/banded_number.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::text {

/// The unit in which people read a mass, from µg to t: "mg" for 0.0023 g, so that no row of zeros leads it.
struct MassUnit {
    std::string name;
    double per_gram;  ///< how many of it are a gram

    /// Both without the unit: the mass by as many digits as its band deserves, and the band.
    [[nodiscard]] std::string text(GramsCO2e mass, const Band& grams) const;
    [[nodiscard]] std::string text(const Band& grams) const;
    [[nodiscard]] std::string text(GramsCO2e mass) const;  ///< three significant digits
};

/// Grams from 0.01 to 10,000, and for nothing at all.
[[nodiscard]] MassUnit mass_unit(GramsCO2e mass);

}  // namespace fedgram::text
