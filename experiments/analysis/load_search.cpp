#include "experiments/analysis/load_search.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/analysis/ranking.hpp"

namespace fedgram::experiments::analysis {

namespace {

constexpr unsigned most_steps = 5;

/// Place of the best of `entries`, which aren't empty.
std::size_t best_of(const Goal& goal, const std::vector<JournalEntry>& entries)
{
    const Ranking ranking{goal, entries};
    const auto best = std::ranges::max_element(entries, [&](const JournalEntry& a, const JournalEntry& b) {
        return ranking.better(b.measurement, a.measurement);
    });
    return static_cast<std::size_t>(best - entries.begin());
}

}  // namespace

LoadSearch::LoadSearch(const Configuration& configuration, const Goal& goal, const Load& least, const Load& most,
                       Begin begin)
    : configuration_{configuration},
      goal_{goal},
      least_{least},
      most_{most},
      stage_{begin == Begin::with_walk ? Stage::up : Stage::boundary},
      least_promise_{begin == Begin::with_walk ? least_gain : 0}
{
}

Probe LoadSearch::at(double amount) const { return {configuration_, {least_.kind, amount}}; }

std::optional<Probe> LoadSearch::next(const Book& book)
{
    if (stage_ != Stage::boundary)
        if (auto probe = walk(book)) return probe;
    return boundary(book);
}

std::optional<Probe> LoadSearch::walk(const Book& book)
{
    if (!standing_) {
        const auto entries = book.of(configuration_);
        standing_ = entries[best_of(goal_, entries)].probe.load.amount;
    }
    while (stage_ != Stage::boundary) {
        const bool is_up = stage_ == Stage::up;
        const auto further = is_up ? 2 * *standing_ : std::floor(*standing_ / 2);
        if (further >= least_.amount && further <= most_.amount) {
            const auto* there = book.find(at(further));
            if (!there) return at(further);
            if (gain(goal_, *there, *book.find(at(*standing_))) >= least_gain) {
                standing_ = further;
                continue;
            }
        }
        stage_ = is_up && less_may_gain(book) ? Stage::down : Stage::boundary;
    }
    return std::nullopt;
}

bool LoadSearch::less_may_gain(const Book& book) const
{
    const auto& here = *book.find(at(*standing_));
    const auto* more = book.find(at(2 * *standing_));
    return !more || !keeps(goal_, here) || score(goal_, *more, here) <= -least_gain;
}

std::optional<Probe> LoadSearch::boundary(const Book& book)
{
    if (steps_ == most_steps) return std::nullopt;
    const auto entries = book.of(configuration_);
    const auto best = best_of(goal_, entries);
    std::optional<std::size_t> beyond;
    auto promised = least_promise_;
    for (const auto beside : {best + 1, best - 1}) {  // of the first, best - 1 is beyond the end
        if (beside >= entries.size() || keeps(goal_, entries[beside].measurement)) continue;
        const auto of_it = score(goal_, entries[beside].measurement, entries[best].measurement);
        if (of_it > promised) {
            promised = of_it;
            beyond = beside;
        }
    }
    if (!beyond) return std::nullopt;
    auto middle = (entries[best].probe.load.amount + entries[*beyond].probe.load.amount) / 2;
    if (least_.kind == Load::Kind::concurrency) middle = std::floor(middle);
    if (book.find(at(middle))) return std::nullopt;
    ++steps_;
    return at(middle);
}

}  // namespace fedgram::experiments::analysis
