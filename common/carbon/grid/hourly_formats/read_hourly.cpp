#include "common/carbon/grid/hourly_formats/read_hourly.hpp"

#include "common/carbon/grid/hourly_formats/form_of.hpp"
#include "common/carbon/grid/hourly_formats/forms.hpp"
#include "common/carbon/grid/hourly_formats/hours_of.hpp"

namespace fedgram::carbon {

namespace {

HourlyFile read(std::string_view text, const std::string& where, const HourlyFileOptions& options)
{
    switch (form_of(text, where, options)) {
        case HourlyForm::electricity_maps:
            return read_electricity_maps(text, where, options);
        case HourlyForm::uk_carbon_intensity:
            return read_uk_carbon_intensity(text, where, options);
        case HourlyForm::named_columns:
            break;
    }
    return read_named_columns(text, where, options);
}

}  // namespace

HourlyReading read_hourly(std::string_view text, const std::string& where, const HourlyFileOptions& options)
{
    const auto file = read(text, where, options);
    return {hours_of(file.series, options.fill_gaps), file.basis, file.provider};
}

}  // namespace fedgram::carbon
