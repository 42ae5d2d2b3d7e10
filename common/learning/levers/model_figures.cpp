#include "common/learning/levers/model_figures.hpp"

#include "common/learning/int8/int8_network.hpp"
#include "common/learning/levers/inference_work.hpp"
#include "common/learning/levers/stored_model.hpp"

namespace fedgram::learning {

namespace {

double accuracy_of(const Candidate& candidate, const Workbench& bench)
{
    if (!candidate.int8) return bench.evaluate(candidate.model, candidate.parameters).accuracy;
    Int8Network network{*candidate.int8, int8::usable_instruction_sets().back()};
    return bench.accuracy(candidate.model, [&](const Batch& batch) { return network.evaluate(batch); });
}

std::uint64_t kept_parameters(const Candidate& candidate)
{
    if (!candidate.mask) return candidate.model.parameters.size;
    std::uint64_t kept = 0;
    for (std::size_t i = 0; i < candidate.mask->size(); ++i) kept += candidate.mask->keeps(i) ? 1 : 0;
    return kept;
}

}  // namespace

ModelFigures model_figures(const Candidate& candidate, const Workbench& bench)
{
    ModelFigures figures;
    figures.accuracy = accuracy_of(candidate, bench);
    figures.parameters = candidate.model.parameters.size;
    figures.kept = kept_parameters(candidate);
    const auto file = stored_model(candidate);
    figures.stored_bytes = file_bytes(file);
    for (const auto& tensor : file.tensors)
        figures.tensors.push_back({tensor.name, tensor.encoding, tensor.bytes.size()});
    figures.update_bytes = figures.kept * sizeof(float);
    figures.inference = inference_work(candidate);
    return figures;
}

}  // namespace fedgram::learning
