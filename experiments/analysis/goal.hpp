#pragma once

#include <vector>

#include "experiments/analysis/measurement.hpp"
#include "experiments/analysis/metric.hpp"

namespace fedgram::experiments::analysis {

/// At least `bound` of what is to be high, at most `bound` of what is to be low; the bound itself is kept.
struct Constraint {
    Metric metric = Metric::p99;
    double bound = 0;  ///< in the unit of `value_of`; above 0
};

struct Objective {
    Metric metric = Metric::throughput;
    double weight = 1;  ///< above 0, beside those of the others
};

/// What a search looks for: the best by its objectives among those that keep all constraints. Where none does, the one
/// that breaks them least.
struct Goal {
    std::vector<Constraint> constraints{};
    std::vector<Objective> objectives{{}};  ///< at least one
};

/// Throws SpecError: a bound or weight that isn't above 0, a metric with two bounds or weights, or no objective.
void check(const Goal& goal);

/// By how much of its bound a measurement breaks each constraint, summed: 0 keeps them all. Infinite where a metric
/// with a bound isn't known, or the measurement doesn't count.
[[nodiscard]] double violation(const Goal& goal, const Measurement& measurement);
[[nodiscard]] bool keeps(const Goal& goal, const Measurement& measurement);

/// The sum over objectives of w (a - b) / mean(a, b), with the opposite sign for what is to be low, and weights that
/// add up to 1: from -2 to 2, above 0 where a is better. What isn't known is worse than anything known (-2).
[[nodiscard]] double score(const Goal& goal, const Measurement& a, const Measurement& b);

/// By how many per cent a is better than b: the weighted sum of (a - b) / b, with the same signs. Nothing where one
/// isn't known, or 0 in b.
[[nodiscard]] std::optional<double> percent_better(const Goal& goal, const Measurement& a, const Measurement& b);

/// An order of measurements, the better one first. Scores between two are not transitive where there are several
/// objectives, so that each is scored against the same `reference`.
class Ranking {
public:
    Ranking(const Goal& goal, Measurement reference);

    /// Both by constraints and by objectives: what counts before what doesn't, what keeps the constraints before what
    /// doesn't, those by score, the others by violation.
    [[nodiscard]] bool better(const Measurement& a, const Measurement& b) const;

private:
    Goal goal_;
    Measurement reference_;
};

}  // namespace fedgram::experiments::analysis
