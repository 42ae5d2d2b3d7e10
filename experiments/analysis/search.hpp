#pragma once

#include <memory>
#include <optional>

#include "experiments/analysis/configuration.hpp"
#include "experiments/analysis/goal.hpp"
#include "experiments/analysis/measurement.hpp"
#include "experiments/analysis/space.hpp"

namespace fedgram::experiments::analysis {

/// Decides what is measured next from what was measured so far, and from nothing else: the same measurements lead to
/// the same sequence, so that a search is taken up by telling it again what was measured.
class Search {
public:
    virtual ~Search() = default;

    /// Never the same twice. Nothing: it is over.
    [[nodiscard]] virtual std::optional<Probe> next() = 0;
    /// What came of the last `next`.
    virtual void measured(const Measurement& measurement) = 0;
};

enum class Mode {
    quick,   ///< a few measurements: ClimbSearch where the goal suits it, else SurrogateSearch
    brute,   ///< walks through all, see BruteSearch
    manual,  ///< all there is, the default configuration first
};

/// Whether a quick search climbs; else it goes by what a surrogate expects, and may miss the best.
[[nodiscard]] bool suits_climb(const Space& space, const Goal& goal);

/// Throws SpecError for a space or goal that isn't valid, or that the mode doesn't know.
[[nodiscard]] std::unique_ptr<Search> make_search(Mode mode, const Space& space, const Goal& goal);

}  // namespace fedgram::experiments::analysis
