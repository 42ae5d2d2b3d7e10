#include "common/text/banded_number.hpp"

#include <algorithm>
#include <cmath>

#include "common/text/number_text.hpp"

namespace fedgram::text {

std::string banded(double value, const Band& band)
{
    if (!band.is_known()) return significant(value);
    const double reach = std::max(band.high - value, value - band.low) / std::abs(value);
    return significant(value, reach >= 0.05 ? 2 : reach >= 0.005 ? 3 : 4);
}

std::string band_text(const Band& band)
{
    if (!band.is_known()) return {};
    int digits = 2;
    while (digits < 4 && significant(band.low, digits) == significant(band.high, digits)) ++digits;
    return significant(band.low, digits) + "-" + significant(band.high, digits);
}

}  // namespace fedgram::text
