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
    return std::none_of(first, walked_.end(),
                        [&](const Measurement& one) { return score(goal_, one, *first) >= least_gain; });
}

}  // namespace fedgram::experiments::analysis
