#include "common/learning/levers/reduce.hpp"

#include "common/error/context.hpp"
#include "common/learning/levers/lever.hpp"

namespace fedgram::learning {

LeverCost ReductionResult::cost() const
{
    LeverCost sum;
    for (const auto& step : steps) {
        sum.tuning += step.cost.tuning;
        sum.passes += step.cost.passes;
        sum.kept_bytes += step.cost.kept_bytes;
    }
    return sum;
}

ReductionResult reduce(const spec::Reduction& reduction, Candidate& candidate, Workbench& bench)
{
    return with_context("reductions." + reduction.label, [&] {
        ReductionResult result{reduction.label, reduction.training, model_figures(candidate, bench), {}};
        for (const auto& given : reduction.levers) {
            const auto lever = with_rate(given, bench.training_rate());
            const auto cost = std::visit([&](const auto& kind) { return apply(kind, candidate, bench); }, lever);
            result.steps.push_back({lever, cost, model_figures(candidate, bench)});
        }
        return result;
    });
}

}  // namespace fedgram::learning
