#include "experiments/commands/models.hpp"

#include <filesystem>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/model/model.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/input_shape.hpp"
#include "experiments/commands/model_kernels.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/commands/torchscript_model.hpp"
#include "experiments/lookup/builtin_model.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

std::string shape_text(const std::vector<std::int64_t>& shape)
{
    std::string text;
    for (const auto size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
    return text;
}

ordered_json model_json(const learning::Model& model)
{
    ordered_json json{{"name", model.name},
                      {"input_shape", {model.shape.channels, model.shape.height, model.shape.width}},
                      {"classes", model.shape.classes},
                      {"parameters", model.parameters.size},
                      {"forward_flops_per_sample", model.cost.forward_flops},
                      {"backward_flops_per_sample", model.cost.backward_flops},
                      {"forward_kernels_per_step", model.cost.kernels.forward},
                      {"backward_kernels_per_step", model.cost.kernels.backward},
                      {"training_step_kernels", step_kernels_json(model.cost.kernels)}};
    for (const auto* layer : learning::all_layers(model))
        json["layers"].push_back({{"name", layer->name},
                                  {"output_shape", layer->output_shape},
                                  {"parameters", layer->parameters},
                                  {"forward_flops_per_sample", layer->forward_flops},
                                  {"backward_flops_per_sample", layer->backward_flops},
                                  {"forward_kernels_per_step", layer->kernels.forward},
                                  {"backward_kernels_per_step", layer->kernels.backward}});
    return json;
}

// What no built-in model is called: by its name a file, whether it is there or not.
bool is_file(const std::filesystem::path& name) { return name.has_extension() || name.has_parent_path(); }

int show_all(bool json)
{
    auto list = ordered_json::array();
    text::TextTable table{{"model", "parameters", "forward FLOPs", "backward FLOPs", "kernels"}};
    for (const auto& name : learning::builtin_model_names()) {
        const auto model = builtin_model(name);
        table.add({name, std::to_string(model.parameters.size), std::to_string(model.cost.forward_flops),
                   std::to_string(model.cost.backward_flops), kernel_text(model.cost.kernels)});
        list.push_back(model_json(model));
    }
    std::cout << (json ? list.dump(2) + "\n" : table.text() + input_shape_text({}));
    return 0;
}

}  // namespace

int models(const ModelsOptions& options)
{
    if (options.name.empty()) return show_all(options.json);
    check_width(options.width);
    if (is_file(options.name) && options.width != 1)
        throw SpecError{"--width: " + text::shortest(options.width) +
                        " is for a built-in model; a TorchScript file says its own sizes"};
    if (is_file(options.name)) return torchscript_model(options);
    const auto model = builtin_model(options.name, input_shape(options.input, options.classes), options.width);
    if (options.json) {
        std::cout << model_json(model).dump(2) << "\n";
        return 0;
    }
    text::TextTable table{{"layer", "output", "parameters", "forward FLOPs", "backward FLOPs", "kernels"}};
    for (const auto* layer : learning::all_layers(model))
        table.add({layer->name, shape_text(layer->output_shape), std::to_string(layer->parameters),
                   std::to_string(layer->forward_flops), std::to_string(layer->backward_flops),
                   kernel_text(layer->kernels)});
    table.add({"in all", "", std::to_string(model.parameters.size), std::to_string(model.cost.forward_flops),
               std::to_string(model.cost.backward_flops), kernel_text(model.cost.kernels)});
    std::cout << table.text() << step_kernels_text(model.cost.kernels) << input_shape_text(model.shape);
    return 0;
}

void add_models(CommandSet& commands)
{
    const auto options = std::make_shared<ModelsOptions>();
    const auto sub = commands.add("models", "List the built-in models, or what the layers or operators of one cost",
                                  "  fedgram models\n"
                                  "  fedgram models small-cnn --input 3x32x32 --classes 100\n"
                                  "  fedgram models small-cnn --width 0.25\n"
                                  "  fedgram models mine.pt --input 3x32x32 --classes 100 --json",
                                  models, options);
    const auto name = sub.option("name", &options->name, "A built-in model, or a TorchScript file")
                          .type_name("NAME")
                          .suggests(learning::builtin_model_names());
    sub.option("--input", &options->input, "Channels, height and width of its samples (default: 1x28x28)")
        .type_name("CxHxW")
        .needs(name);
    sub.option("--classes", &options->classes, "Its classes (default: 10)").positive().needs(name);
    sub.option("--width", &options->width,
               "Times the channels and features of a built-in model, but for its last layer")
        .type_name("TIMES")
        .shows_default()
        .needs(name);
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
