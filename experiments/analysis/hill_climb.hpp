#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "experiments/analysis/goal.hpp"

namespace fedgram::experiments::analysis {

/// A climb over a grid of two dimensions, as NVIDIA's Model Analyzer has it for its quick search. It starts at the
/// lowest corner. Around its home it measures neighbours, the nearest first, until three within a distance of 3 are
/// measured. The step in a dimension is the sum of their gains over home, each towards its side, over the sum of their
/// distances; from 0.09 on that is one place, from 0.3 on two, from 1 on three.
///
/// Where some of home and its measured neighbours keep the constraints and others don't, or home does with some of its
/// loads alone, it goes slowly: it measures all eight places beside home, and goes to the best if that gains at least
/// 3 %. The four across the corners are there as well since what keeps constraints often lies along a diagonal: more
/// instances with smaller batches. A fast step from a place that keeps them to one that doesn't is taken back.
///
/// It ends where home is again the place to go to, or a place where it has been.
class HillClimb {
public:
    using Place = std::array<int, 2>;  ///< from {0, 0}

    HillClimb(const Place& sizes, const Goal& goal) : sizes_{sizes}, goal_{goal} {}

    /// Nothing: it has ended.
    [[nodiscard]] std::optional<Place> next();
    /// By the best of its loads, of which others may break the constraints.
    void measured(const Place& place, const Measurement& best, bool all_loads_keep)
    {
        measured_.insert_or_assign(place, best);
        all_loads_keep_.insert_or_assign(place, all_loads_keep);
    }
    void measured(const Place& place, const Measurement& measurement)
    {
        measured(place, measurement, keeps(goal_, measurement));
    }

private:
    [[nodiscard]] std::optional<Place> missing_neighbour() const;
    [[nodiscard]] bool is_mixed() const;
    [[nodiscard]] Place fast_target() const;
    [[nodiscard]] Place slow_target() const;
    void go_to(const Place& place);

    Place sizes_;
    Goal goal_;
    std::map<Place, Measurement> measured_;
    std::map<Place, bool> all_loads_keep_;
    Place home_{};
    std::optional<Place> before_{};  ///< from where a fast step came, until it is known what home is like
    std::vector<Place> visited_{};
    bool is_slow_ = false;
    bool has_ended_ = false;
};

}  // namespace fedgram::experiments::analysis
