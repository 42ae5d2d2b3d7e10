#include "common/fleet/availability.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/csv_rows.hpp"

namespace fedgram::fleet {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

constexpr spec::NumberRange hour_of_day{
    .high = 24, .high_end = spec::NumberRange::High::excluded, .words = "an hour of the day, from 0 to below 24"};
constexpr spec::NumberRange end_of_window{.high = 24, .words = "an hour of the day, from 0 to 24"};
constexpr spec::NumberRange shift_h{.high = 12, .words = "hours from 0 to 12"};
constexpr spec::NumberRange duration_h{
    .low_end = spec::NumberRange::Low::excluded, .high = 87'660, .words = "hours above 0, at most ten years"};

constexpr std::string_view forms =
    R"("always", {"daily": {...}}, {"on_off": {...}}, {"file": "hours.csv"} or {"windows": [...]})";

DailyWindow parse_daily(StrictObject object)
{
    DailyWindow daily{object.number("from_h", hour_of_day), object.number("until_h", end_of_window)};
    object.read("spread_h", daily.spread_h, shift_h);
    object.finish();
    if (daily.from_h == daily.until_h)
        throw SpecError{object.path_of("until_h") + ": a window from " + spec::shown(daily.from_h) + " h to " +
                        spec::shown(daily.until_h) +
                        " h has no length; use another hour, or \"always\" for the whole day"};
    return daily;
}

OnOff parse_on_off(StrictObject object)
{
    const OnOff on_off{object.number("mean_on_h", duration_h), object.number("mean_off_h", duration_h)};
    object.finish();
    return on_off;
}

/// `where` names what holds the window in errors.
void add(ListedWindows& listed, std::uint32_t node, Window window, const std::string& where)
{
    if (!(window.end_s > window.start_s))
        throw DataError{where + ": a window from " + spec::shown(window.start_s) + " s to " +
                        spec::shown(window.end_s) + " s has no length; its end comes behind its start"};
    auto& windows = listed.windows[node];
    if (!windows.empty() && window.start_s < windows.back().end_s)
        throw DataError{where + ": node " + std::to_string(node) + " has a window from " + spec::shown(window.start_s) +
                        " s, and the one before it ends at " + spec::shown(windows.back().end_s) +
                        " s; sort each node's windows, and join those that overlap"};
    windows.push_back(window);
}

ListedWindows read_windows(const std::string& file)
{
    constexpr std::array<std::string_view, 3> columns{"node", "start", "end"};
    if (!std::filesystem::is_regular_file(file))
        throw SpecError{file + ": there is no such file; give a .csv file with the columns node, start and end"};
    ListedWindows listed;
    for (const auto& row : text::csv_rows(files::read_file(file), file, columns)) {
        const auto node = text::whole_number(row, file, "node", row.fields[0]);
        if (node < 0) text::refuse_line(file, row.line, "node: " + row.fields[0] + " is below 0");
        add(listed, static_cast<std::uint32_t>(node),
            {text::not_negative_number(row, file, "start", row.fields[1]),
             text::not_negative_number(row, file, "end", row.fields[2])},
            file + ":" + std::to_string(row.line));
    }
    return listed;
}

ListedWindows parse_windows(StrictObject& object)
{
    ListedWindows listed;
    const auto& list = object.list("windows");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto& item = list[i];
        const bool is_right = item.is_array() && item.size() == 3 && item[0].is_number_unsigned() &&
                              item[1].is_number() && item[2].is_number();
        const auto where = object.path_of("windows", i);
        if (!is_right) spec::refuse(where, item, "[node, start, end]");
        add(listed, item[0].get<std::uint32_t>(), {item[1].get<double>(), item[2].get<double>()}, where);
    }
    return listed;
}

}  // namespace

Availability parse_availability(const Json& json, const std::string& path)
{
    if (json == "always") return AlwaysThere{};
    if (!json.is_object() || json.size() != 1) spec::refuse(path, json, forms);
    StrictObject object{json, path};
    if (object.has("daily")) return parse_daily(object.object("daily"));
    if (object.has("on_off")) return parse_on_off(object.object("on_off"));
    if (object.has("file")) return read_windows(object.text("file"));
    if (object.has("windows")) return parse_windows(object);
    spec::refuse(path, json, forms);
}

Json to_json(const Availability& availability)
{
    if (const auto* const daily = std::get_if<DailyWindow>(&availability))
        return {{"daily", {{"from_h", daily->from_h}, {"until_h", daily->until_h}, {"spread_h", daily->spread_h}}}};
    if (const auto* const on_off = std::get_if<OnOff>(&availability))
        return {{"on_off", {{"mean_on_h", on_off->mean_on_h}, {"mean_off_h", on_off->mean_off_h}}}};
    if (const auto* const listed = std::get_if<ListedWindows>(&availability)) {
        Json json{{"windows", Json::array()}};
        for (const auto& [node, windows] : listed->windows)
            for (const auto& window : windows)
                json["windows"].push_back(Json::array({node, window.start_s, window.end_s}));
        return json;
    }
    return "always";
}

}  // namespace fedgram::fleet
