#include "common/carbon/grid/hourly_grid.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/carbon/grid/intensity_range.hpp"
#include "common/error/context.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::carbon {

using Json = nlohmann::ordered_json;

namespace {

std::chrono::sys_seconds start_of(spec::StrictObject& object)
{
    const auto text = object.text("start");
    const auto time = text::parse_utc(text);
    if (!time) spec::refuse(object.path_of("start"), text, "an hour in UTC, as \"2020-09-14T06:00:00Z\"");
    return *time;
}

GridIntensity looked_up(const Json& json, const std::string& path, const HourlyLookup& lookup)
{
    spec::Mistakes mistakes;
    spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
    std::optional<HourlyRecord> record;
    object.attempt([&] {
        const auto name = object.text("hourly");
        record = with_context(object.path_of("hourly"), [&] { return lookup(name); });
    });
    object.attempt([&] {
        if (!object.has("start")) return;
        const auto start = start_of(object);
        if (record)
            record->series.hours =
                with_context(object.path_of("start"), [&] { return record->series.hours.from(start); });
    });
    object.attempt([&] {
        if (!object.has("basis")) return;
        const auto basis = object.choice("basis", {"lifecycle", "direct"});
        if (record) record->basis = basis;
    });
    object.finish();
    mistakes.finish();
    return hourly_grid(*record);
}

}  // namespace

GridIntensity hourly_grid(const HourlyRecord& record)
{
    const auto& [name, hours] = record.series;
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
    object.finish();
    mistakes.finish();
    return with_context(object.path_of("start"), [&] {
        return hourly_grid({{name, HourlySeries{start, std::move(values)}}, basis, source});
    });
}

Json hourly_grid_json(const GridIntensity& grid)
{
    const auto& [name, hours] = *grid.hourly;
    Json json{
        {"hourly", name}, {"start", text::utc_text(hours.begin())}, {"basis", grid.basis}, {"source", grid.source}};
    for (const auto value : hours.values()) json["gco2e_per_kwh"].push_back(value.count());
    return json;
}

}  // namespace fedgram::carbon
