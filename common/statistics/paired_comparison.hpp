#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "common/statistics/confidence.hpp"
#include "common/statistics/observation.hpp"

namespace fedgram::statistics {

/// Two settings of the same seed.
struct ObservedPair {
    Observation first;
    Observation second;
};

/// How much more the second one of each pair takes. What seeds do to both alike is gone from the differences.
struct PairedComparison {
    std::size_t pairs = 0;
    std::size_t more = 0;  ///< pairs whose second takes more: also where it has gone beyond the first's value unreached
    std::size_t less = 0;
    std::size_t unknown = 0;                  ///< neither can be said
    std::optional<double> mean_difference{};  ///< second less first; where all have reached
    std::optional<Interval> interval{};       ///< of that mean
    /// How probable at least so uneven a split is where neither tends to take more: the two-sided sign test over the
    /// pairs that are told apart, exactly. Nothing without any.
    std::optional<double> sign_test{};

    /// The interval leaves 0 out.
    [[nodiscard]] bool is_told_apart() const { return interval && (interval->low > 0 || interval->high < 0); }
};

[[nodiscard]] PairedComparison paired_comparison(std::span<const ObservedPair> pairs);

}  // namespace fedgram::statistics
