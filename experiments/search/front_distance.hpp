#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "experiments/search/course.hpp"

namespace fedgram::experiments {

/// A trial, seed by seed, as far as a search trained it.
struct SeededTrial {
    std::vector<Course> seeds;
};

/// The best that a search knows for at most so many grams.
struct FrontPoint {
    double gco2e = 0;                   ///< at most
    double accuracy = 0;                ///< the best mean over the seeds
    std::optional<double> deviation{};  ///< of the seeds of that trial at that point; nothing of a single seed
};

/// The front of all trials at all of their rounds: for each of `grams`, the best. A level at which nothing is known is
/// left out.
[[nodiscard]] std::vector<FrontPoint> front_at(std::span<const SeededTrial> trials, std::span<const double> grams);

/// `count` levels, evenly by the logarithm, from the least grams at which all of `searches` know something to the least
/// that one of them ends at.
[[nodiscard]] std::vector<double> common_levels(std::span<const std::vector<SeededTrial>> searches, std::size_t count);

}  // namespace fedgram::experiments
