#include "experiments/analysis/search.hpp"

#include <algorithm>
#include <cassert>

#include "experiments/analysis/brute_search.hpp"
#include "experiments/analysis/climb_search.hpp"
#include "experiments/analysis/manual_search.hpp"
#include "experiments/analysis/surrogate_search.hpp"

namespace fedgram::experiments::analysis {

namespace {

/// Better the fuller a server is, as all of it is there for more answers.
bool grows_with_load(Metric metric)
{
    return metric == Metric::throughput || metric == Metric::joules || metric == Metric::grams ||
           metric == Metric::usd || metric == Metric::core_seconds;
}

}  // namespace

// A climb goes by two full batches for each instance, and by fewer for a p99. So it finds what is better the fuller a
// server is, and keeps what is bounded likewise; but neither what is better the emptier it is, nor what is bounded by
// memory or by a least throughput, as fewer clients keep that no better. At a single rate there is no load to look
// for.
bool suits_climb(const Space& space, const Goal& goal)
{
    if (space.loads.front().kind == Load::Kind::rate) return true;
    return goal.objectives.size() == 1 && grows_with_load(goal.objectives.front().metric) &&
           std::ranges::all_of(goal.constraints, [](const Constraint& constraint) {
               return constraint.metric == Metric::p99 ||
                      (constraint.metric != Metric::throughput && grows_with_load(constraint.metric));
           });
}

std::unique_ptr<Search> make_search(Mode mode, const Space& space, const Goal& goal)
{
    check(space);
    check(goal);
    switch (mode) {
        case Mode::quick:
            if (suits_climb(space, goal)) return std::make_unique<ClimbSearch>(space, goal);
            return std::make_unique<SurrogateSearch>(space, goal);
        case Mode::brute:
            return std::make_unique<BruteSearch>(space, goal);
        case Mode::manual:
            return std::make_unique<ManualSearch>(space);
    }
    assert(false);
    return nullptr;
}

}  // namespace fedgram::experiments::analysis
