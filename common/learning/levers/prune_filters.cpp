#include <algorithm>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/levers/lever.hpp"
#include "common/learning/pruning/filter_choice.hpp"
#include "common/learning/pruning/filter_removal.hpp"

namespace fedgram::learning {

LeverCost apply(const spec::PruneFilters& lever, Candidate& candidate, Workbench& bench)
{
    require_floats(candidate, "prune-filters");
    require_no_mask(candidate, "prune-filters");
    const auto& model = candidate.model;
    const auto filters = weakest_filters(model, candidate.parameters, filter_counts(model, lever.fraction), lever.norm);
    if (std::ranges::all_of(filters, [](const auto& each) { return each.empty(); }))
        throw SpecError{"prune-filters: no layer loses a filter; use a larger fraction"};
    zero_filters(model, filters, candidate.parameters);
    auto smaller = remove_filters(candidate.spec, model.shape, candidate.parameters, filters);
    candidate.spec = std::move(smaller.spec);
    candidate.model = build_model(candidate.spec, model.shape);
    candidate.parameters = std::move(smaller.parameters);
    return {.tuning = bench.tune(candidate.model, candidate.parameters, tuning_of(lever, bench.training_rate()))};
}

}  // namespace fedgram::learning
