#include "common/carbon/grid/intensity_range.hpp"

namespace fedgram::carbon {

GramsPerKilowattHour intensity(const text::CsvRow& row, const std::string& where, std::string_view name,
                               const std::string& field)
{
    const double grams = text::not_negative_number(row, where, name, field);
    if (!intensity_range.contains(grams))
        text::refuse_line(where, row.line,
                          std::string{name} + ": " + field + " is not valid; use " + intensity_range.text());
    return GramsPerKilowattHour{grams};
}

}  // namespace fedgram::carbon
