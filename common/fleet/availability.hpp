#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::fleet {

/// When a group's nodes are there.
struct AlwaysThere {
    friend bool operator==(const AlwaysThere&, const AlwaysThere&) = default;
};

/// Each day, by the clock of where the node is, as a phone that charges at night. `until` may be the next day's.
struct DailyWindow {
    double from_h = 0;    ///< in [0, 24)
    double until_h = 0;   ///< in [0, 24], another hour
    double spread_h = 0;  ///< deviation of a node's own shift of both, normal with mean 0

    friend bool operator==(const DailyWindow&, const DailyWindow&) = default;
};

/// There and away in turn, each for a time of its own: exponential with these means, begun in the balance.
struct OnOff {
    double mean_on_h = 1;
    double mean_off_h = 1;

    friend bool operator==(const OnOff&, const OnOff&) = default;
};

struct Window {
    double start_s = 0;  ///< virtual
    double end_s = 0;

    friend bool operator==(const Window&, const Window&) = default;
};

/// By a list; a node that isn't in it is never there.
struct ListedWindows {
    std::map<std::uint32_t, std::vector<Window>> windows;  ///< by node, ascending and apart

    friend bool operator==(const ListedWindows&, const ListedWindows&) = default;
};

using Availability = std::variant<AlwaysThere, DailyWindow, OnOff, ListedWindows>;

/// "always"; {"daily": {"from_h": 22, "until_h": 6, "spread_h": 1}}; {"on_off": {"mean_on_h": 8, "mean_off_h": 16}};
/// {"file": PATH}, a .csv with the columns node, start and end (virtual seconds), which is read; or what `to_json`
/// writes of that. `path` is how errors name it. Throws SpecError, and DataError for a wrong file.
[[nodiscard]] Availability parse_availability(const nlohmann::ordered_json& json, const std::string& path);
[[nodiscard]] nlohmann::ordered_json to_json(const Availability& availability);

}  // namespace fedgram::fleet
