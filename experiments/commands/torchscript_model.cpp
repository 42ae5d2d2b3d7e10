#include "experiments/commands/torchscript_model.hpp"

#include <charconv>
#include <iostream>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/learning/open_engine.hpp"
#include "experiments/commands/operator_table.hpp"

namespace fedgram::experiments {

namespace {

learning::Shape shape_of(const ModelsOptions& options)
{
    learning::Shape shape;
    shape.classes = options.classes.value_or(shape.classes);
    if (!options.input) return shape;
    std::string_view rest = *options.input;
    bool valid = true;
    for (auto* size : {&shape.channels, &shape.height, &shape.width}) {
        if (size != &shape.channels) {
            valid = valid && rest.starts_with('x');
            rest.remove_prefix(valid ? 1 : 0);
        }
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), *size);
        valid = valid && error == std::errc{} && *size > 0;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    }
    if (!valid || !rest.empty())
        throw SpecError{"--input: \"" + *options.input +
                        "\" is no size of a sample; give channels, height and width, as in 3x32x32"};
    return shape;
}

}  // namespace

int torchscript_model(const ModelsOptions& options)
{
    const auto shape = shape_of(options);
    const auto cost = learning::open_engine("torch")->itemize(options.name, shape);
    if (!options.json) {
        std::cout << operator_text(cost);
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
