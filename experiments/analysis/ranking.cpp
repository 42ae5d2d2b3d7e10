#include "experiments/analysis/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace fedgram::experiments::analysis {

namespace {

constexpr double steps = 1e5;          // of a score of 1, that are told apart
constexpr double steps_by_rate = 1e2;  // at one rate all answer just that, but for chance

bool is_answered_alike(const Goal& goal, std::span<const JournalEntry> entries)
{
    return goal.objectives.size() == 1 && goal.objectives.front().metric == Metric::throughput && !entries.empty() &&
           entries.front().probe.load.kind == Load::Kind::rate &&
           std::ranges::all_of(
               entries, [&](const Load& load) { return load == entries.front().probe.load; },
               [](const JournalEntry& entry) { return entry.probe.load; });
}

}  // namespace

Ranking::Ranking(const Goal& goal, std::span<const JournalEntry> entries)
    : goal_{goal}, steps_{is_answered_alike(goal, entries) ? steps_by_rate : steps}
{
    const auto is_known = [&](const JournalEntry& entry) {
        return entry.measurement.counts() && std::ranges::all_of(goal.objectives, [&](const Objective& objective) {
                   return value_of(entry.measurement, objective.metric).has_value();
               });
    };
    const auto found = std::ranges::find_if(entries, is_known);
    if (found != entries.end()) reference_ = found->measurement;
}

bool Ranking::better(const Measurement& a, const Measurement& b) const
{
    const auto by_a = violation(goal_, a);
    const auto by_b = violation(goal_, b);
    if (by_a != by_b) return by_a < by_b;
    // In steps, so that "equal" holds for any three: what rounding leaves is no gain.
    return std::floor(steps_ * score(goal_, a, reference_) + 0.5) >
           std::floor(steps_ * score(goal_, b, reference_) + 0.5);
}

std::vector<JournalEntry> best_of_configurations(const Goal& goal, std::span<const JournalEntry> entries)
{
    const Ranking ranking{goal, entries};
    std::vector<JournalEntry> best;
    std::map<Configuration, std::size_t> places;
    for (const auto& entry : entries) {
        const auto [place, is_new] = places.try_emplace(entry.probe.configuration, best.size());
        if (is_new)
            best.push_back(entry);
        else if (ranking.better(entry.measurement, best[place->second].measurement))
            best[place->second] = entry;
    }
    std::ranges::stable_sort(best, [&](const JournalEntry& a, const JournalEntry& b) {
        if (ranking.better(a.measurement, b.measurement)) return true;
        if (ranking.better(b.measurement, a.measurement)) return false;
        const auto size = [](const JournalEntry& one) {
            return std::pair{one.probe.configuration.instances, one.probe.configuration.max_batch};
        };
        return size(a) < size(b);
    });
    return best;
}

}  // namespace fedgram::experiments::analysis
