#pragma once

#include <string>
#include <string_view>

#include "common/spec/strict_object.hpp"
#include "common/text/csv_rows.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// What a grid intensity in gCO2e/kWh may be. The worst coal plants emit some 1500: a thousand times that is a slip, as
/// of g for mg, and the sums over a series of such values stay far from what a number can be.
inline constexpr spec::NumberRange intensity_range{0, spec::NumberRange::Low::included, 1e6};

/// The intensity in a row's field `name`. Throws DataError with the line outside of intensity_range.
[[nodiscard]] GramsPerKilowattHour intensity(const text::CsvRow& row, const std::string& where, std::string_view name,
                                             const std::string& field);

}  // namespace fedgram::carbon
