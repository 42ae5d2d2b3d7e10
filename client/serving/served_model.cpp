#include "client/serving/served_model.hpp"

#include <malloc.h>

#include <algorithm>
#include <utility>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/learning/levers/stored_model.hpp"
#include "common/learning/model_file/model_file.hpp"
#include "common/learning/torchscript/stored_parameters.hpp"
#include "common/run/final_model.hpp"
#include "common/run/model_shape.hpp"
#include "common/run/spec_file.hpp"

namespace fedgram::client {

namespace {

std::optional<spec::Experiment> experiment_of(const std::filesystem::path& run)
{
    const auto text = files::try_read_file(run / "spec.json");
    if (!text) return std::nullopt;
    return run::parse_spec_text(*text, (run / "spec.json").string());
}

ServedModel reduced(const std::filesystem::path& file)
{
    const auto stored = learning::read_model_file(file);
    auto candidate = with_context<DataError>(file.string(), [&] { return learning::restored(stored); });
    ServedModel served{std::move(candidate.model)};
    if (candidate.int8)
        served.int8 = std::move(candidate.int8);
    else
        served.parameters.assign(candidate.parameters.begin(), candidate.parameters.end());
    const auto folder = std::filesystem::absolute(file).parent_path();
    if (folder.filename() != "reductions") return served;
    if (const auto experiment = experiment_of(folder.parent_path()))
        served.normalization = experiment->data.normalization;
    return served;
}

/// Refuses what a training left that has no final model, as its run's summary says. A file that the summary doesn't
/// speak of, as of a copy, may be right: what is doubtful of it, as a clause.
std::string doubt_of(const std::filesystem::path& file, const spec::Experiment& experiment)
{
    const auto run = std::filesystem::absolute(file).parent_path();
    const auto label = file.stem().string();
    if (!std::filesystem::exists(run / "summary.json"))
        return "there is no summary.json beside it to say that its training has ended";
    if (std::ranges::find(experiment.trainings, label, &spec::Training::label) == experiment.trainings.end())
        return "no training beside it is labelled " + label + ", so that nobody says whether it has ended";
    if (const auto why = run::why_no_final_model(run::read_summary(run), label); !why.empty())
        throw DataError{file.string() + ": is no final model: its training " + why +
                        "; serve another training's, or finish the run"};
    return {};
}

ServedModel trained(const std::filesystem::path& file)
{
    const auto run = std::filesystem::absolute(file).parent_path();
    for (const auto& [name, says] :
         {std::pair{"spec.json", "what its layers are"}, std::pair{"inputs.json", "which shape its images have"}})
        if (!std::filesystem::exists(run / name))
            throw DataError{
                file.string() + ": there is no " + name + " beside it to say " + says +
                "; give a model in the folder of its run, or copy spec.json and inputs.json of that folder"};
    const auto experiment = experiment_of(run);
    if (!experiment) throw SystemError{(run / "spec.json").string() + ": can't be read"};
    if (!experiment->model.torchscript.empty())
        throw SpecError{"model.torchscript: " + experiment->model.torchscript +
                        " can't be served; serve a model of layers"};
    auto doubt = doubt_of(file, *experiment);
    ServedModel served{learning::build_model(experiment->model, run::model_shape(run))};
    served.doubt = std::move(doubt);
    const auto parameters = learning::torchscript::stored_parameters(served.model, file);
    served.parameters.assign(parameters.begin(), parameters.end());
    served.normalization = experiment->data.normalization;
    return served;
}

}  // namespace

std::uint64_t ServedModel::bytes() const
{
    if (!int8) return parameters.size() * sizeof(float);
    std::uint64_t bytes = 0;
    for (const auto& layer : int8->layers)
        bytes += layer.weights.size() + layer.weight_scales.size() * sizeof(float) +
                 layer.biases.size() * sizeof(std::int32_t);
    return bytes;
}

ServedModel read_served_model(const std::filesystem::path& file)
{
    // What reading took, several times the model, goes back to the system.
    const struct GiveBack {
        ~GiveBack() { ::malloc_trim(0); }
    } give_back;
    if (file.extension() == ".fgm") return reduced(file);
    if (file.extension() == ".pt") return trained(file);
    throw SpecError{"MODEL: " + file.string() +
                    " is no model that can be served; give a model file of a run's reductions (LABEL.fgm), or what a "
                    "training ended with (RUN/LABEL.pt)"};
}

}  // namespace fedgram::client
