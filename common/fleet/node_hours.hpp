#pragma once

#include <cstdint>
#include <vector>

#include "common/fleet/availability.hpp"
#include "common/fleet/fleet.hpp"

namespace fedgram::fleet {

/// When each node of a fleet is there, by virtual seconds since the training began. It follows from seed, node and the
/// fleet alone.
class NodeHours {
public:
    /// `fleet` must outlive it. `start_of_day_s` is the time of day, UTC, at which virtual time begins.
    NodeHours(const Fleet& fleet, std::uint64_t seed, double start_of_day_s);

    struct Stay {
        bool there = false;
        double until_s = 0;  ///< where it is there: when it leaves; else when it comes. Infinity: never
    };
    [[nodiscard]] Stay at(std::uint32_t node, double time_s) const;

private:
    [[nodiscard]] Stay at(const DailyWindow& daily, std::uint32_t group, std::uint32_t node, double time_s) const;
    [[nodiscard]] Stay at(const OnOff& on_off, std::uint32_t node, double time_s) const;

    const Fleet& fleet_;
    std::uint64_t seed_;
    double start_of_day_s_;
};

/// The most nodes of so many that are ever there at once: at least, and at most where their hours are drawn.
[[nodiscard]] std::uint32_t most_there(const Fleet& fleet, const NodeHours& hours, std::uint32_t nodes);

}  // namespace fedgram::fleet
