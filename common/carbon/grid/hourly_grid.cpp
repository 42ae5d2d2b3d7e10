#include "common/carbon/grid/hourly_grid.hpp"

#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/carbon/grid/intensity_range.hpp"
#include "common/error/context.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/utc_time.hpp"
#include "common/text/written_time.hpp"

namespace fedgram::carbon {

using Json = nlohmann::ordered_json;

namespace {

std::chrono::sys_seconds hour_of(const Json& value, const std::string& path)
{
    const auto time = value.is_string() ? text::parse_utc(value.get<std::string>()) : std::nullopt;
    if (!time) spec::refuse(path, value, "an hour in UTC, as \"2020-09-14T06:00:00Z\"");
    return *time;
}

std::chrono::sys_seconds start_of(spec::StrictObject& object)
{
    return hour_of(object.value("start"), object.path_of("start"));
}

GridIntensity looked_up(const Json& json, const std::string& path, const HourlyLookup& lookup)
{
    spec::Mistakes mistakes;
    spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
    std::string name;
    std::optional<std::chrono::sys_seconds> start;
    object.read_text("hourly", name);
    object.attempt([&] {
        if (object.has("start")) start = start_of(object);
    });
    const auto options = parse_hourly_file_options(object);
    object.finish();
    mistakes.finish();
    auto record = with_context(object.path_of("hourly"), [&] { return lookup(name, options); });
    if (start) record.series = with_context(object.path_of("start"), [&] { return record.series.from(*start); });
    return hourly_grid(record);
}

std::vector<std::chrono::sys_seconds> hours_in(spec::StrictObject& object, std::string_view key)
{
    std::vector<std::chrono::sys_seconds> hours;
    if (!object.has(key)) return hours;
    const auto& list = object.array(key);
    for (std::size_t i = 0; i < list.size(); ++i) hours.push_back(hour_of(list[i], object.path_of(key, i)));
    return hours;
}

HourOrigins parse_origins(spec::StrictObject& object)
{
    HourOrigins origins;
    object.attempt([&] { origins.filled = hours_in(object, "filled"); });
    object.attempt([&] { origins.forecast = hours_in(object, "forecasts"); });
    object.attempt([&] {
        if (object.has("left_out_min")) origins.left_out = std::chrono::minutes{object.whole_32("left_out_min")};
    });
    return origins;
}

void add_hours(Json& json, const char* key, const std::vector<std::chrono::sys_seconds>& hours)
{
    for (const auto hour : hours) json[key].push_back(text::utc_text(hour));
}

}  // namespace

GridIntensity hourly_grid(const HourlyRecord& record)
{
    const auto& [name, hours, origins] = record.series;
    const auto start = hours.begin();
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(start)};
    GramsPerKilowattHour sum;
    for (const auto value : hours.values()) sum += value;
    return {name + "@" + text::utc_text(start),
            name + " from " + text::utc_text(start),
            sum * (1.0 / static_cast<double>(hours.values().size())),
            static_cast<int>(day.year()),
            record.basis,
            record.source,
            record.series};
}

HourlyFileOptions parse_hourly_file_options(spec::StrictObject& object)
{
    constexpr spec::NumberRange fill_range{0, spec::NumberRange::Low::included,
                                           static_cast<double>(longest_fill.count())};
    HourlyFileOptions options;
    object.attempt([&] {
        if (object.has("basis")) options.basis = object.choice("basis", {"lifecycle", "direct"});
    });
    object.attempt([&] {
        if (object.has("time_column")) options.time_column = object.text("time_column");
    });
    object.attempt([&] {
        if (object.has("value_column")) options.value_column = object.text("value_column");
    });
    object.attempt([&] {
        if (!object.has("time_zone")) return;
        options.time_zone = text::utc_offset(object.text("time_zone"));
        if (!options.time_zone) object.refuse("time_zone", "UTC, or a fixed offset such as +01:00");
    });
    object.attempt([&] {
        if (const auto fill_h = object.optional_number("fill_gaps_h", fill_range))
            options.fill_gaps = std::chrono::minutes{std::llround(*fill_h * 60)};
    });
    object.attempt([&] {
        if (object.has("forecast")) options.forecast = object.boolean("forecast");
    });
    return options;
}

bool is_hourly_grid(const Json& json) { return json.is_object() && json.contains("hourly"); }

GridIntensity parse_hourly_grid(const Json& json, const std::string& path, const HourlyLookup& lookup)
{
    if (!json.contains("gco2e_per_kwh")) return looked_up(json, path, lookup);
    spec::Mistakes mistakes;
    spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
    std::string name, basis, source;
    std::chrono::sys_seconds start;
    std::vector<GramsPerKilowattHour> values;
    object.read_text("hourly", name);
    object.attempt([&] { start = start_of(object); });
    object.read_text("basis", basis);
    object.read_text("source", source);
    object.attempt([&] {
        for (const auto& value : object.array("gco2e_per_kwh")) {
            if (!value.is_number() || !intensity_range.contains(value.get<double>()))
                spec::refuse(object.path_of("gco2e_per_kwh"), value, intensity_range.text());
            values.emplace_back(value.get<double>());
        }
    });
    const auto origins = parse_origins(object);
    object.finish();
    mistakes.finish();
    return with_context(object.path_of("start"), [&] {
        return hourly_grid({{name, HourlySeries{start, std::move(values)}, origins}, basis, source});
    });
}

Json hourly_grid_json(const GridIntensity& grid)
{
    const auto& [name, hours, origins] = *grid.hourly;
    Json json{
        {"hourly", name}, {"start", text::utc_text(hours.begin())}, {"basis", grid.basis}, {"source", grid.source}};
    for (const auto value : hours.values()) json["gco2e_per_kwh"].push_back(value.count());
    add_hours(json, "filled", origins.filled);
    add_hours(json, "forecasts", origins.forecast);
    if (origins.left_out != std::chrono::minutes{}) json["left_out_min"] = origins.left_out.count();
    return json;
}

}  // namespace fedgram::carbon
