#include "experiments/analysis/last_loads.hpp"

#include <algorithm>

#include "experiments/analysis/ranking.hpp"

namespace fedgram::experiments::analysis {

LastLoads::LastLoads(const Book& book, const Space& space, const Goal& goal, LoadSearch::Begin begin)
{
    std::vector<Configuration> chosen;
    for (const auto& entry : best_of_configurations(goal, book.entries()))
        if (chosen.size() < best_configurations && entry.measurement.failure.empty())
            chosen.push_back(entry.probe.configuration);
    const auto by_default = space.default_configuration();
    if (std::ranges::find(chosen, by_default) == chosen.end()) chosen.push_back(by_default);
    for (const auto& configuration : chosen)
        searches_.emplace_back(configuration, goal, space.loads.front(), space.loads.back(), begin);
}

std::optional<Probe> LastLoads::next(const Book& book)
{
    for (; current_ < searches_.size(); ++current_)
        if (auto probe = searches_[current_].next(book)) return probe;
    return std::nullopt;
}

}  // namespace fedgram::experiments::analysis
