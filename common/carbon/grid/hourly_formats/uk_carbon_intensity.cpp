#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/carbon/grid/hourly_formats/forms.hpp"
#include "common/carbon/grid/hourly_formats/hourly_clock.hpp"
#include "common/carbon/grid/intensity_range.hpp"
#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/strict_object.hpp"

// An answer as its definition has it (carbon-intensity.github.io/api-definitions):
//   {"data": [{"from": "2018-01-20T12:00Z", "to": "2018-01-20T12:30Z",
//              "intensity": {"forecast": 266, "actual": 263, "index": "moderate"}}, ...]}
// "actual" is null for what is yet to come, and absent from the answers for one region, whose list stands within
// "data": {"regionid": ..., "data": [...]} or "data": [{"regionid": ..., "data": [...]}].
//
// It is the CO2 of generation alone ("Carbon Intensity Forecast Methodology", NESO, May 2024): gas 394 g/kWh, coal 937,
// wind, sun, water and nuclear power 0, with what the lines lose. So it is direct, and CO2 without other gases.

namespace fedgram::carbon {

namespace {

using Json = nlohmann::ordered_json;

/// Where the list stands, and what errors call it.
std::pair<const Json*, std::string> list_of(const Json& answer, const std::string& where)
{
    const Json* data = &answer;
    auto path = where + ": ";
    const auto enter = [&] {
        if (!data->is_object() || !data->contains("data")) return false;
        data = &data->at("data");
        path += path.ends_with(' ') ? "data" : ".data";
        return true;
    };
    bool is_answer = enter();
    if (is_answer && data->is_array() && data->size() == 1 && data->front().contains("data")) {
        data = &data->front();
        path += "[0]";
    }
    if (is_answer && data->is_object()) is_answer = enter();
    if (is_answer && data->is_array() && !data->empty() && data->front().contains("from") &&
        data->front().contains("intensity"))
        return {data, path};
    throw DataError{
        where +
        ": no answer of the UK Carbon Intensity API, whose \"data\" lists half hours with \"from\", \"to\" and "
        "\"intensity\"; of other JSON make a CSV with the columns utc_start and gco2e_per_kwh"};
}

/// Of an intensity: null, absent, or a number.
std::optional<GramsPerKilowattHour> value_of(spec::StrictObject& intensity, std::string_view key)
{
    const auto* value = intensity.find(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return GramsPerKilowattHour{intensity.number(key, intensity_range)};
}

StatedSeries series_of(const Json& list, const std::string& path, const HourlyFileOptions& options)
{
    const HourlyClock from{"from", options.time_zone};
    const HourlyClock to{"to", options.time_zone};
    StatedSeries series;
    series.time_name = "from";
    series.place_of = [path](std::size_t item) { return path + "[" + std::to_string(item) + "]"; };
    series.missing = options.forecast ? "intensity: neither an actual one nor a forecast; state one"
                                      : "intensity: no actual one; take the forecast there by --forecast (forecast)";
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto place = series.place_of(i);
        spec::StrictObject item{list[i], place};
        StatedValue value{i, from.read(item.text("from"), place)};
        const auto step = to.read(item.text("to"), place).utc - value.time.utc;
        if (!series.step) series.step = step;
        if (step != *series.step) throw DataError{place + ": takes longer or shorter than the first; all take as long"};
        auto intensity = item.object("intensity");
        value.intensity = value_of(intensity, "actual");
        if (!value.intensity && options.forecast) {
            value.intensity = value_of(intensity, "forecast");
            value.is_forecast = true;
        }
        series.values.push_back(value);
    }
    return series;
}

}  // namespace

HourlyFile read_uk_carbon_intensity(std::string_view text, const std::string& where, const HourlyFileOptions& options)
{
    if (options.basis.value_or("direct") != "direct")
        throw SpecError{where +
                        " has what power stations emit, without the making of plants and fuels: it is direct; say "
                        "--basis direct (basis), or leave it out"};
    try {
        const auto answer = spec::parse_json_text(text, where);
        const auto [list, path] = list_of(answer, where);
        return {series_of(*list, path, options), "direct", "the UK Carbon Intensity API"};
    } catch (const SpecError& error) {
        throw DataError{error.what()};  // the file is wrong, not what the user states
    }
}

}  // namespace fedgram::carbon
