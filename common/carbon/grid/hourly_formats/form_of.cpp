#include "common/carbon/grid/hourly_formats/form_of.hpp"

#include "common/carbon/grid/hourly_formats/forms.hpp"
#include "common/text/csv_records.hpp"
#include "common/text/csv_rows.hpp"

namespace fedgram::carbon {

namespace {

bool is_json(std::string_view text)
{
    if (text.starts_with(text::byte_order_mark)) text.remove_prefix(text::byte_order_mark.size());
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace

HourlyForm form_of(std::string_view text, const std::string& where, const HourlyFileOptions& options)
{
    if (!options.time_column.empty() || !options.value_column.empty()) return HourlyForm::named_columns;
    if (is_json(text)) return HourlyForm::uk_carbon_intensity;
    if (is_electricity_maps(text::csv_heading(text, where))) return HourlyForm::electricity_maps;
    return HourlyForm::named_columns;
}

}  // namespace fedgram::carbon
