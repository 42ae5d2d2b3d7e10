#include "experiments/analysis/last_loads.hpp"

#include "experiments/analysis/ranking.hpp"

namespace fedgram::experiments::analysis {

LastLoads::LastLoads(const Book& book, const Space& space, const Goal& goal, LoadSearch::Begin begin)
{
    std::size_t best = 0;
    for (const auto& [probe, measurement] : best_of_configurations(goal, book.entries())) {
        if (!measurement.failure.empty()) continue;
        const auto& configuration = probe.configuration;
        if (best++ < best_configurations || configuration == space.default_configuration())
            searches_.emplace_back(configuration, goal, space.loads.front(), space.loads.back(), begin);
    }
}

std::optional<Probe> LastLoads::next(const Book& book)
{
    for (; current_ < searches_.size(); ++current_)
        if (auto probe = searches_[current_].next(book)) return probe;
    return std::nullopt;
}

}  // namespace fedgram::experiments::analysis
