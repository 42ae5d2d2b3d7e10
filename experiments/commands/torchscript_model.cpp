#include "experiments/commands/torchscript_model.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "common/learning/open_engine.hpp"
#include "experiments/commands/input_shape.hpp"
#include "experiments/commands/operator_table.hpp"

namespace fedgram::experiments {

int torchscript_model(const ModelsOptions& options)
{
    const auto shape = input_shape(options.input, options.classes);
    const auto cost = learning::open_engine("torch")->itemize(options.name, shape);
    if (!options.json) {
        std::cout << operator_text(cost) << input_shape_text(shape);
        return 0;
    }
    nlohmann::ordered_json json{{"torchscript", options.name},
                                {"input_shape", {shape.channels, shape.height, shape.width}},
                                {"classes", shape.classes}};
    json.update(operator_json(cost));
    std::cout << json.dump(2) << "\n";
    return 0;
}

}  // namespace fedgram::experiments
