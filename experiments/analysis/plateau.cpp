#include "experiments/analysis/plateau.hpp"

#include <algorithm>

namespace fedgram::experiments::analysis {

namespace {

constexpr std::size_t tries = 4;

}  // namespace

bool Plateau::reached() const
{
    if (walked_.size() < tries) return false;
    const auto first = walked_.end() - tries;
    const auto is_gained_in = [&](const Goal& goal) {
        return std::any_of(first, walked_.end(),
                           [&](const Measurement& one) { return score(goal, one, *first) >= least_gain; });
    };
    if (is_gained_in(goal_)) return false;
    return std::ranges::none_of(goal_.constraints, [&](const Constraint& constraint) {
        return violation(constraint, walked_.back()) > 0 && is_gained_in({.objectives = {{constraint.metric}}});
    });
}

}  // namespace fedgram::experiments::analysis
