#include "experiments/lookup/builtin_model.hpp"

#include <utility>

#include "common/error/error.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/model/model_width.hpp"
#include "common/text/joined.hpp"

namespace fedgram::experiments {

learning::Model builtin_model(const std::string& name, learning::Shape shape, double width)
{
    auto layers = learning::builtin_layers(name, shape.classes);
    if (!layers)
        throw SpecError{"\"" + name + "\" is no built-in model; use one of " +
                        text::joined(learning::builtin_model_names())};
    return learning::build_model(
        {.name = name, .layers = learning::at_width(std::move(*layers), width), .torchscript = {}}, shape);
}

}  // namespace fedgram::experiments
