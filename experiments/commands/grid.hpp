#pragma once

#include <optional>
#include <string>

#include "experiments/commands/grid_hourly.hpp"
#include "experiments/commands/grid_region.hpp"

namespace fedgram::experiments {

class CommandSet;

struct GridOptions {
    std::string country{};
    std::optional<int> year{};  ///< absent: 2024, or the latest before it; of a region or a file the latest
    std::string file{};         ///< a user's own countries, in place of those of record
    bool json = false;
    RegionOptions region{};  ///< where it names a region or a provider, `country` isn't used
    HourlyOptions hourly{};  ///< where it names a series, the others aren't used
};

/// `fedgram grid`: a country's or a region's grid intensity with its source, or the best time to begin. Throws
/// SpecError unless it is told which.
[[nodiscard]] int grid(const GridOptions& options);

/// Its options and its help.
void add_grid(CommandSet& commands);

}  // namespace fedgram::experiments
