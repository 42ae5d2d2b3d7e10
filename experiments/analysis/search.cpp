#include "experiments/analysis/search.hpp"

#include <cassert>

#include "experiments/analysis/brute_search.hpp"
#include "experiments/analysis/manual_search.hpp"
#include "experiments/analysis/quick_search.hpp"

namespace fedgram::experiments::analysis {

std::unique_ptr<Search> make_search(Mode mode, const Space& space, const Goal& goal)
{
    check(space);
    check(goal);
    switch (mode) {
        case Mode::quick:
            return std::make_unique<QuickSearch>(space, goal);
        case Mode::brute:
            return std::make_unique<BruteSearch>(space, goal);
        case Mode::manual:
            return std::make_unique<ManualSearch>(space);
    }
    assert(false);
    return nullptr;
}

}  // namespace fedgram::experiments::analysis
