#include "common/run/event.hpp"

#include "common/files/files.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/json_lines.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;

Event parse_line(const Json& json, const std::string& path)
{
    spec::StrictObject line{json, path};
    Event event;
    const auto time = text::parse_utc(line.text("time"));
    if (!time) line.refuse("time", "a time in UTC, as \"2020-09-14T06:00:00Z\"");
    event.time = *time;
    event.name = line.text("event");
    event.details = json;
    event.details.erase("time");
    event.details.erase("event");
    return event;
}

}  // namespace

std::string to_json_line(const Event& event)
{
    Json line{{"time", text::utc_text(event.time)}, {"event", event.name}};
    line.update(event.details);
    return line.dump();
}

std::vector<Event> parse_events(std::string_view text, const std::string& where)
{
    std::vector<Event> events;
    read_json_lines(text, where,
                    [&](const Json& line, const std::string& path) { events.push_back(parse_line(line, path)); });
    return events;
}

std::optional<std::chrono::sys_seconds> find_end(const std::filesystem::path& dir)
{
    const auto path = dir / "events.jsonl";
    const auto text = files::try_read_file(path);
    if (!text) return std::nullopt;
    std::vector<Event> events;
    if (damage_found([&] { events = parse_events(*text, path.string()); }) || events.empty()) return std::nullopt;
    const auto& last = events.back();
    if (last.name != "finished" && last.name != "interrupted") return std::nullopt;
    return last.time;
}

}  // namespace fedgram::run
