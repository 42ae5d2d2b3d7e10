#include "experiments/reducing/exported_model.hpp"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/learning/levers/stored_model.hpp"
#include "common/learning/model_file/model_file.hpp"
#include "common/learning/onnx/onnx_model.hpp"
#include "common/learning/torchscript/stored_parameters.hpp"
#include "common/run/model_shape.hpp"
#include "common/run/reduction_file.hpp"
#include "common/text/joined.hpp"

namespace fedgram::experiments {

namespace {

learning::OnnxNotes notes_of(const spec::Experiment& experiment)
{
    const auto& normalization = experiment.data.normalization;
    return {{"normalization.mean", nlohmann::ordered_json(normalization.mean).dump()},
            {"normalization.standard_deviation", nlohmann::ordered_json(normalization.standard_deviation).dump()}};
}

ExportedModel read(const std::filesystem::path& file, const learning::OnnxNotes& notes)
{
    const auto stored = learning::read_model_file(file);
    const auto candidate = with_context<DataError>(file.string(), [&] { return learning::restored(stored); });
    if (candidate.int8) return {learning::onnx_model(*candidate.int8, notes), candidate.model.name, "int8"};
    return {learning::onnx_model(candidate.model, candidate.parameters, notes), candidate.model.name, "float32"};
}

/// Throws SpecError, with the labels that there are, for one that the run has no model of.
void require_reduction(const std::filesystem::path& run, const std::string& label)
{
    if (std::filesystem::exists(run::reduced_model_file(run, label))) return;
    std::vector<std::string> labels;
    for (const auto& result : run::read_reductions(run)) labels.push_back(result.label);
    throw SpecError{
        "--reduction: no reduction is labelled \"" + label + "\"; " +
        (labels.empty() ? "the run has none: make one by `fedgram reduce`" : "use one of " + text::joined(labels))};
}

}  // namespace

ExportedModel exported_training(const std::filesystem::path& run, const spec::Experiment& experiment,
                                const std::string& label)
{
    if (!experiment.model.torchscript.empty())
        throw SpecError{"model.torchscript: " + experiment.model.torchscript +
                        " can't be exported; export a model of layers, or this one by torch.onnx.export"};
    const auto model = learning::build_model(experiment.model, run::model_shape(run));
    const auto parameters = learning::torchscript::stored_parameters(model, run / (label + ".pt"));
    return {learning::onnx_model(model, parameters, notes_of(experiment)), model.name, "float32"};
}

ExportedModel exported_reduction(const std::filesystem::path& run, const spec::Experiment& experiment,
                                 const std::string& label)
{
    require_reduction(run, label);
    return read(run::reduced_model_file(run, label), notes_of(experiment));
}

ExportedModel exported_file(const std::filesystem::path& file) { return read(file, {}); }

}  // namespace fedgram::experiments
