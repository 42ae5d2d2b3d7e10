#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/report/figure/figure.hpp"

namespace fedgram::report {

/// Runs of a figure that differ in the seed alone.
struct RunsOfSeeds {
    std::string name;               ///< of all of them together
    std::vector<std::string> runs;  ///< as the sources of the figure call them
};

/// The figure with one series for each group, in place of one for each of its runs: the means over the seeds, with
/// deviation, least and most. A point is the mean of the seeds that were evaluated in its round, as some stop before
/// others. Bars that are sums of parts have the mean of each part. Every run of the figure is in one group.
[[nodiscard]] Figure over_seeds(const Figure& figure, std::span<const RunsOfSeeds> groups);

}  // namespace fedgram::report
