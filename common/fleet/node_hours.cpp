#include "common/fleet/node_hours.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <variant>

#include "common/random/portable_math.hpp"
#include "common/random/stream.hpp"

namespace fedgram::fleet {

namespace {

constexpr double hour_s = 3600;
constexpr double day_s = 24 * hour_s;
constexpr double rounding_s = 1e-6;
constexpr double never = std::numeric_limits<double>::infinity();

double exponential(Stream& stream, double mean) { return -mean * portable::log(1 - stream.uniform()); }

NodeHours::Stay stay_in(const std::vector<Window>& windows, double time_s)
{
    const auto next = std::ranges::upper_bound(windows, time_s, {}, [](const Window& window) { return window.end_s; });
    if (next == windows.end()) return {false, never};
    return time_s < next->start_s ? NodeHours::Stay{false, next->start_s} : NodeHours::Stay{true, next->end_s};
}

}  // namespace

NodeHours::NodeHours(const Fleet& fleet, std::uint64_t seed, double start_of_day_s)
    : fleet_{fleet}, seed_{seed}, start_of_day_s_{start_of_day_s}
{
}

NodeHours::Stay NodeHours::at(std::uint32_t node, double time_s) const
{
    const auto group = fleet_.devices.group_of(node);
    const auto& availability = fleet_.availability[group];
    if (const auto* const daily = std::get_if<DailyWindow>(&availability)) return at(*daily, group, node, time_s);
    if (const auto* const on_off = std::get_if<OnOff>(&availability)) return at(*on_off, node, time_s);
    if (const auto* const listed = std::get_if<ListedWindows>(&availability)) {
        const auto own = listed->windows.find(node);
        return own == listed->windows.end() ? Stay{false, never} : stay_in(own->second, time_s);
    }
    return {true, never};
}

NodeHours::Stay NodeHours::at(const DailyWindow& daily, std::uint32_t group, std::uint32_t node, double time_s) const
{
    double shift = 0;
    if (daily.spread_h > 0) shift = daily.spread_h * hour_s * Stream{seed_, Purpose::availability, 0, node}.normal();
    const auto length = std::fmod(daily.until_h - daily.from_h + 24, 24) * hour_s;
    const auto opens = daily.from_h * hour_s + shift;
    // Since the window opened last, by the node's clock.
    auto since = std::fmod(start_of_day_s_ + time_s + fleet_.utc_offsets_h[group] * hour_s - opens, day_s);
    if (since < 0) since += day_s;
    if (day_s - since < rounding_s) since = 0;  // it opens now
    if (length == 0) return {true, never};      // from 0 to 24
    return since < length - rounding_s ? Stay{true, time_s + (length - since)} : Stay{false, time_s + (day_s - since)};
}

NodeHours::Stay NodeHours::at(const OnOff& on_off, std::uint32_t node, double time_s) const
{
    // An exponential time has no memory, so the first one is as the others are, whenever it began.
    Stream stream{seed_, Purpose::availability, 0, node};
    bool there = stream.uniform() < on_off.mean_on_h / (on_off.mean_on_h + on_off.mean_off_h);
    double end = 0;
    for (;; there = !there) {
        end += exponential(stream, (there ? on_off.mean_on_h : on_off.mean_off_h) * hour_s);
        if (time_s < end) return {there, end};
    }
}

std::uint32_t most_there(const Fleet& fleet, const NodeHours& hours, std::uint32_t nodes)
{
    // How many come at a time, and how many leave (negative), within a day: daily windows repeat.
    std::vector<std::pair<double, int>> changes;
    std::uint32_t always = 0;
    int there_now = 0;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        const auto& availability = fleet.availability[fleet.devices.group_of(node)];
        if (const auto* const listed = std::get_if<ListedWindows>(&availability)) {
            const auto own = listed->windows.find(node);
            if (own != listed->windows.end() && !own->second.empty()) ++always;  // at some time or other
            continue;
        }
        if (!std::holds_alternative<DailyWindow>(availability)) {
            ++always;
            continue;
        }
        const auto first = hours.at(node, 0);
        there_now += first.there ? 1 : 0;
        if (first.until_s >= day_s) continue;
        changes.emplace_back(first.until_s, first.there ? -1 : 1);
        if (const auto second = hours.at(node, first.until_s); second.until_s < day_s)
            changes.emplace_back(second.until_s, second.there ? -1 : 1);
    }
    std::ranges::sort(changes);
    int most = there_now;
    for (const auto& [time, change] : changes) most = std::max(most, there_now += change);
    return always + static_cast<std::uint32_t>(most);
}

}  // namespace fedgram::fleet
