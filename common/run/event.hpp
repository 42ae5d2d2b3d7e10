#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace fedgram::run {

/// One line of events.jsonl: something worth knowing later. common/run/README.md lists the events and their details.
struct Event {
    std::chrono::sys_seconds time;   ///< of day, by the wall clock
    std::string name;                ///< "client_lost"
    nlohmann::ordered_json details;  ///< the other keys of the line; an object
};

/// Without a line break.
[[nodiscard]] std::string to_json_line(const Event& event);

/// The lines of events.jsonl; `where` names it in errors. Throws DataError with line number and key. What no newline
/// ends, as a process leaves it that is killed, is dropped.
[[nodiscard]] std::vector<Event> parse_events(std::string_view text, const std::string& where);

/// When a run ended, by the wall clock: the time of the last line of DIR/events.jsonl, where it says so ("finished" or
/// "interrupted"). Nothing for a run that goes on or was killed, and where the file is missing or damaged.
[[nodiscard]] std::optional<std::chrono::sys_seconds> find_end(const std::filesystem::path& dir);

}  // namespace fedgram::run
