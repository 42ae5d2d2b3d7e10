#include "experiments/analysis/goal_text.hpp"

#include <vector>

#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::experiments::analysis {

std::string objectives_text(const Goal& goal)
{
    if (goal.objectives.size() == 1) {
        const auto metric = goal.objectives.front().metric;
        return (more_is_better(metric) ? "maximizing " : "minimizing ") + metric_name(metric);
    }
    std::vector<std::string> parts;
    for (const auto& [metric, weight] : goal.objectives)
        parts.push_back(metric_name(metric) + " (weight " + text::shortest(weight) + ")");
    return "weighing " + text::joined(parts, " and ");
}

std::string constraints_text(const Goal& goal)
{
    std::vector<std::string> parts;
    for (const auto& [metric, bound] : goal.constraints)
        parts.push_back(metric_name(metric) + (more_is_better(metric) ? " at least " : " at most ") +
                        metric_text(metric, bound));
    return text::joined(parts, ", ");
}

std::string goal_text(const Goal& goal)
{
    return objectives_text(goal) + (goal.constraints.empty() ? "" : "; " + constraints_text(goal));
}

}  // namespace fedgram::experiments::analysis
