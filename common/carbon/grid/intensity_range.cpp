#include "common/carbon/grid/intensity_range.hpp"

namespace fedgram::carbon {

GramsPerKilowattHour intensity(const text::CsvRow& row, const std::string& where, const std::string& field)
{
    const double grams = text::not_negative_number(row, where, "gco2e_per_kwh", field);
    if (!intensity_range.contains(grams))
        text::refuse_line(where, row.line, "gco2e_per_kwh: " + field + " is not valid; use " + intensity_range.text());
    return GramsPerKilowattHour{grams};
}

}  // namespace fedgram::carbon
