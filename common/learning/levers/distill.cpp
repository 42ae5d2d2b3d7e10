#include <limits>
#include <utility>

#include "common/learning/levers/lever.hpp"

namespace fedgram::learning {

LeverCost apply(const spec::Distill& lever, Candidate& candidate, Workbench& bench)
{
    require_floats(candidate, "distill");
    require_no_mask(candidate, "distill");
    const auto samples = bench.setting().indices.size();
    const TeacherLogits teacher{bench.outputs(candidate.model, candidate.parameters, samples), lever.temperature,
                                lever.alpha};
    LeverCost cost;
    cost.passes = bench.passes(candidate.model, samples);
    cost.kept_bytes = teacher.values.size() * sizeof(float);

    candidate.model = build_model(lever.student, candidate.model.shape);
    candidate.spec = lever.student;
    candidate.spec.layers.clear();
    for (const auto& layer : candidate.model.layers) candidate.spec.layers.push_back(layer.layer);
    candidate.spec.width = 1;  // it is in the layers
    candidate.parameters = initial_parameters(candidate.model, bench.setting().seed);
    cost.tuning = bench.tune(candidate.model, candidate.parameters, tuning_of(lever, bench.training_rate()),
                             {.teacher = &teacher});
    return cost;
}

}  // namespace fedgram::learning
