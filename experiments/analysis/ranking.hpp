#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "experiments/analysis/goal.hpp"
#include "experiments/analysis/journal_entry.hpp"

namespace fedgram::experiments::analysis {

/// An order of measurements. Scores between two are not transitive where there are several objectives, so that all are
/// scored against the same one: the first of `entries` that counts and has all that the objectives look for. Since the
/// default configuration is measured first, that is one of its own.
class Ranking {
public:
    Ranking(const Goal& goal, std::span<const JournalEntry> entries);

    /// What keeps the constraints before what doesn't; those by score, the others by how much they break them. Scores
    /// that are equal to 1e-5 are equal; those of throughput alone at one rate, if they are equal to 1e-2.
    [[nodiscard]] bool better(const Measurement& a, const Measurement& b) const;

private:
    Goal goal_;
    Measurement reference_;
    double steps_;
};

/// How many configurations a search looks at again at its end, and its result shows.
inline constexpr std::size_t best_configurations = 3;

/// Of each configuration the best entry, and those best first. Of equal entries the one that was measured first stands.
/// Of equal configurations that with fewer instances comes first, then that with smaller batches, then that which was
/// measured first: where nothing is gained, the default one.
[[nodiscard]] std::vector<JournalEntry> best_of_configurations(const Goal& goal, std::span<const JournalEntry> entries);

}  // namespace fedgram::experiments::analysis
