#include "common/learning/engine/make_model.hpp"

#include "common/error/context.hpp"
#include "common/learning/model/split_model.hpp"

namespace fedgram::learning {

Model make_model(const spec::ModelSpec& spec, Shape shape, const std::function<Engine&()>& engine)
{
    return spec.torchscript.empty() ? build_model(spec, shape) : engine().describe(spec.torchscript, shape);
}

Model learned_model(const spec::ModelSpec& spec, Shape shape, const std::function<Engine&()>& engine)
{
    auto model = make_model(spec, shape, engine);
    if (spec.frozen_to.empty()) return model;
    return with_context("model.frozen_to", [&] { return split_behind(model, spec.frozen_to).rest; });
}

std::vector<float> starting_parameters(const Model& model, std::uint64_t seed, const std::function<Engine&()>& engine)
{
    return model.torchscript.empty() ? initial_parameters(model, seed) : engine().stored_parameters(model);
}

}  // namespace fedgram::learning
