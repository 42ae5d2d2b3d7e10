#include "experiments/analysis/goal.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::experiments::analysis {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double most = 2;  // (a - b) / mean(a, b) where b is 0

double relative_difference(double a, double b) { return a == b ? 0 : 2 * (a - b) / (a + b); }

double relative_gain(Metric metric, const Measurement& a, const Measurement& b)
{
    const auto of_a = value_of(a, metric);
    const auto of_b = value_of(b, metric);
    if (!of_a || !of_b) return of_a ? most : (of_b ? -most : 0);
    const auto difference = relative_difference(*of_a, *of_b);
    return more_is_better(metric) ? difference : -difference;
}

double sum_of_weights(const Goal& goal)
{
    double sum = 0;
    for (const auto& objective : goal.objectives) sum += objective.weight;
    return sum;
}

/// `what` are the constraints or the objectives.
template <class List>
void check_once(const List& list, const std::string& what)
{
    std::set<Metric> seen;
    for (const auto& one : list)
        if (!seen.insert(one.metric).second)
            throw SpecError{what + " " + metric_name(one.metric) + ": it is there twice; give it once"};
}

}  // namespace

void check(const Goal& goal)
{
    if (goal.objectives.empty()) throw SpecError{"objective: there is none; give at least one, such as throughput"};
    for (const auto& [metric, weight] : goal.objectives)
        if (!(weight >= least_weight && weight <= most_weight))
            throw SpecError{"objective " + metric_name(metric) + ": " + text::shortest(weight) +
                            " is not valid; use a weight from " + text::shortest(least_weight) + " to " +
                            text::shortest(most_weight)};
    for (const auto& [metric, bound] : goal.constraints)
        if (!(bound > 0) || bound == infinity)
            throw SpecError{"constraint " + metric_name(metric) + ": " + text::shortest(bound) +
                            " is not valid; use a number above 0"};
    check_once(goal.objectives, "objective");
    check_once(goal.constraints, "constraint");
}

double violation(const Constraint& constraint, const Measurement& measurement)
{
    const auto value = value_of(measurement, constraint.metric);
    if (!value) return infinity;
    const auto excess = more_is_better(constraint.metric) ? constraint.bound - *value : *value - constraint.bound;
    return std::max(0.0, excess / constraint.bound);
}

double violation(const Goal& goal, const Measurement& measurement)
{
    if (!measurement.counts()) return infinity;
    double sum = 0;
    for (const auto& constraint : goal.constraints) sum += violation(constraint, measurement);
    return sum;
}

bool keeps(const Goal& goal, const Measurement& measurement) { return violation(goal, measurement) == 0; }

double score(const Goal& goal, const Measurement& a, const Measurement& b)
{
    double sum = 0;
    for (const auto& [metric, weight] : goal.objectives) sum += weight * relative_gain(metric, a, b);
    return sum / sum_of_weights(goal);
}

double gain(const Goal& goal, const Measurement& a, const Measurement& b)
{
    const auto by_a = violation(goal, a);
    const auto by_b = violation(goal, b);
    if (by_a == by_b) return score(goal, a, b);
    if (by_a == infinity || by_b == infinity) return by_b == infinity ? most : -most;
    return relative_difference(by_b, by_a);
}

std::optional<double> percent_better(const Goal& goal, const Measurement& a, const Measurement& b)
{
    double sum = 0;
    for (const auto& [metric, weight] : goal.objectives) {
        const auto of_a = value_of(a, metric);
        const auto of_b = value_of(b, metric);
        if (!of_a || !of_b || *of_b == 0) return std::nullopt;
        const auto difference = (*of_a - *of_b) / *of_b;
        sum += weight * (more_is_better(metric) ? difference : -difference);
    }
    return 100 * sum / sum_of_weights(goal);
}

}  // namespace fedgram::experiments::analysis
