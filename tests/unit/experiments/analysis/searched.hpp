#pragma once

#include <functional>
#include <vector>

#include "experiments/analysis/journal.hpp"

namespace fedgram::experiments::analysis {

/// All that a search measures, on what `measure` says.
inline std::vector<JournalEntry> searched(Mode mode, const Space& space, const Goal& goal, const Measure& measure)
{
    const auto search = make_search(mode, space, goal);
    return carry_out(*search, {}, measure).entries;
}

/// The same of one kind of search, whatever the mode would choose.
template <class Kind>
std::vector<JournalEntry> searched(const Space& space, const Goal& goal, const Measure& measure)
{
    Kind search{space, goal};
    return carry_out(search, {}, measure).entries;
}

/// Its amounts of load on one configuration, in that order.
inline std::vector<double> loads_of(const std::vector<JournalEntry>& entries, const Configuration& configuration)
{
    std::vector<double> loads;
    for (const auto& entry : entries)
        if (entry.probe.configuration == configuration) loads.push_back(entry.probe.load.amount);
    return loads;
}

}  // namespace fedgram::experiments::analysis
