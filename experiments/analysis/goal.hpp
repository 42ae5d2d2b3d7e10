#pragma once

#include <optional>
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
    double weight = 1;  ///< beside those of the others; from least_weight to most_weight
};

// So that sums of weights are finite, and none is lost beside another.
inline constexpr double least_weight = 1e-6;
inline constexpr double most_weight = 1e6;

/// What a search looks for: the best by its objectives among those that keep all constraints. Where none does, the one
/// that breaks them least.
struct Goal {
    std::vector<Constraint> constraints{};
    std::vector<Objective> objectives{{}};  ///< at least one
};

/// Throws SpecError: a bound that isn't above 0, a weight out of its limits, a metric with two bounds or weights, or no
/// objective.
void check(const Goal& goal);

/// By how much of its bound a value breaks it; 0 keeps it. Infinite where the value isn't known.
[[nodiscard]] double violation(const Constraint& constraint, const Measurement& measurement);

/// The sum over constraints: 0 keeps them all. Infinite of a measurement that doesn't count.
[[nodiscard]] double violation(const Goal& goal, const Measurement& measurement);
[[nodiscard]] bool keeps(const Goal& goal, const Measurement& measurement);

/// By the objectives alone, whatever the constraints: the sum of w (a - b) / mean(a, b), with the opposite sign for
/// what is to be low, and weights that add up to 1. From -2 to 2, above 0 where a is better. What isn't known is worse
/// than anything known (-2).
[[nodiscard]] double score(const Goal& goal, const Measurement& a, const Measurement& b);

/// What is gained from b to a, from -2 to 2: the score where both keep the constraints, by how much less a breaks them
/// where neither does, 2 where a alone keeps them and -2 where b alone does.
[[nodiscard]] double gain(const Goal& goal, const Measurement& a, const Measurement& b);

/// Searches go on for no less.
inline constexpr double least_gain = 0.05;

/// By how many per cent a is better than b: the weighted sum of (a - b) / b, with the same signs. Nothing where one
/// isn't known, or 0 in b.
[[nodiscard]] std::optional<double> percent_better(const Goal& goal, const Measurement& a, const Measurement& b);

}  // namespace fedgram::experiments::analysis
