// What a run's model gives for the first test images of the run's data, by Fedgram's own engines, and those images as
// the model takes them: two files of floats, for other programs to be held against.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <numeric>

#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "common/learning/int8/int8_network.hpp"
#include "common/learning/levers/stored_model.hpp"
#include "common/learning/levers/workbench.hpp"
#include "common/learning/model_file/model_file.hpp"
#include "common/learning/torchscript/stored_parameters.hpp"
#include "common/run/model_shape.hpp"
#include "common/run/reduction_file.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/commands/trained_run.hpp"

namespace {

using namespace fedgram;
using namespace fedgram::learning;

constexpr std::size_t images = 500;

void write(const std::filesystem::path& path, const std::vector<float>& values)
{
    std::ofstream file{path, std::ios::binary};
    file.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(float)));
    if (!file) throw SystemError{path.string() + ": can't be written"};
}

Candidate candidate_of(const std::filesystem::path& run, const spec::Experiment& experiment,
                       const std::string& reduction)
{
    if (!reduction.empty()) return restored(read_model_file(run::reduced_model_file(run, reduction)));
    Candidate candidate{experiment.model, build_model(experiment.model, run::model_shape(run)), {}};
    candidate.parameters =
        torchscript::stored_parameters(candidate.model, run / (experiment.trainings.front().label + ".pt"));
    return candidate;
}

void write_logits(const std::filesystem::path& run, const std::string& reduction, const std::filesystem::path& out)
{
    const auto experiment = experiments::experiment_of(run);
    const auto data = datasets::load_cached(experiment.data, std::nullopt);
    std::vector<std::uint32_t> indices(images);
    std::iota(indices.begin(), indices.end(), 0U);
    WorkbenchSetting setting;
    setting.train = {data.test.pixels, data.test.labels, data.test.values};
    setting.test = setting.train;
    setting.indices = indices;
    setting.normalization = experiment.data.normalization;
    const Workbench bench{setting};

    const auto candidate = candidate_of(run, experiment, reduction);
    const auto inputs = bench.inputs(candidate.model, images);
    std::vector<float> logits;
    float step = 0;  // between two codes
    if (candidate.int8) {
        logits.resize(images * candidate.model.shape.classes);
        Int8Network{*candidate.int8, int8::usable_instruction_sets().back()}.logits(inputs, logits);
        step = candidate.int8->layers.back().output.scale;
    } else {
        logits = bench.outputs(candidate.model, candidate.parameters, images);
    }
    write(out / "images.f32", inputs);
    write(out / "logits.f32", logits);
    const auto& shape = candidate.model.shape;
    std::printf(R"({"shape": [%zu, %u, %u, %u], "classes": %u, "step": %.9g})"
                "\n",
                images, shape.channels, shape.height, shape.width, shape.classes, static_cast<double>(step));
}

}  // namespace

int main(int argc, char** argv)
{
    std::filesystem::path run;
    std::string reduction;
    std::filesystem::path out;
    CLI::App app{"The logits of a run's model by Fedgram's own engines", "fedgram-model-logits"};
    app.add_option("run", run)->required();
    app.add_option("--reduction", reduction, "its label; without it the model of the first training");
    app.add_option("--out", out, "folder of the two files")->required();
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-model-logits", [&] { write_logits(run, reduction, out); });
}
