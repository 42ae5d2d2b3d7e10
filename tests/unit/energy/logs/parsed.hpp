#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "common/energy/logs/energy_between.hpp"
#include "common/energy/logs/power_log.hpp"
#include "common/energy/logs/read_power_log.hpp"

namespace fedgram::power_logs::test {

inline PowerLog parsed(std::string_view text, const PowerLogOptions& options = {})
{
    return parse_power_log(text, "log", options);
}

/// Over all of the log.
inline EnergyOfWindow whole(const PowerLog& log)
{
    const auto stretch = stretch_of(log);
    return energy_between(log, stretch.begin, stretch.end);
}

inline double joules(const PowerLog& log)
{
    const auto energy = whole(log).energy;
    REQUIRE(energy);
    return energy->count();
}

/// 2024-05-01T12:00:00Z.
inline constexpr double noon = 1714564800;

inline bool has_note(const PowerLog& log, std::string_view part)
{
    return std::ranges::any_of(log.notes,
                               [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

}  // namespace fedgram::power_logs::test
