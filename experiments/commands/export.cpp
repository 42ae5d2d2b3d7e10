#include "experiments/commands/export.hpp"

#include <iostream>
#include <memory>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/text/number_text.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/trained_run.hpp"
#include "experiments/reducing/exported_model.hpp"

namespace fedgram::experiments {

namespace {

ExportedModel exported(const ExportOptions& options)
{
    if (std::filesystem::is_directory(options.model)) {
        const auto experiment = experiment_of(options.model);
        if (!options.reduction.empty()) return exported_reduction(options.model, experiment, options.reduction);
        return exported_training(options.model, experiment, chosen_training(experiment, options.training).label);
    }
    if (!options.training.empty() || !options.reduction.empty())
        throw SpecError{"--training and --reduction choose a model of a run, and " + options.model.string() +
                        " is no folder; leave them out"};
    return exported_file(options.model);
}

}  // namespace

int export_model(const ExportOptions& options)
{
    const auto model = exported(options);
    files::write_file(options.onnx, model.onnx);
    std::cerr << options.onnx.string() << ": " << model.name << " in " << model.arithmetic << ", "
              << text::significant(static_cast<double>(model.onnx.size()) / 1000) << " kB" << std::endl;
    return 0;
}

void add_export(CommandSet& commands)
{
    const auto options = std::make_shared<ExportOptions>();
    const auto sub = commands.add("export", "Write a trained or reduced model as ONNX, which other programs run",
                                  "  fedgram export results/mine --training iid --onnx iid.onnx\n"
                                  "  fedgram export results/mine --reduction iid-quantize --onnx iid-int8.onnx\n"
                                  "  fedgram export results/mine/reductions/iid-quantize.fgm --onnx iid-int8.onnx",
                                  export_model, options);
    sub.option("model", &options->model, "Folder of a run, or a model file of its reductions (LABEL.fgm)")
        .required()
        .type_name("MODEL");
    const auto training = sub.option("--training", &options->training,
                                     "Of a run: label of the training whose model it is (default: the first)");
    sub.option("--reduction", &options->reduction, "Of a run: label of the reduction whose model it is")
        .excludes(training);
    sub.option("--onnx", &options->onnx, "The file to write").required().type_name("FILE");
}

}  // namespace fedgram::experiments
