#include "common/learning/engine/make_model.hpp"

namespace fedgram::learning {

Model make_model(const spec::ModelSpec& spec, Shape shape, const std::function<Engine&()>& engine)
{
    return spec.torchscript.empty() ? build_model(spec, shape) : engine().describe(spec.torchscript, shape);
}

std::vector<float> starting_parameters(const Model& model, std::uint64_t seed, const std::function<Engine&()>& engine)
{
    return model.torchscript.empty() ? initial_parameters(model, seed) : engine().stored_parameters(model);
}

}  // namespace fedgram::learning
