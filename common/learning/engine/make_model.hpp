#pragma once

#include <functional>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/model/model.hpp"
#include "common/spec/layer.hpp"

namespace fedgram::learning {

/// The model that a resolved spec means. `engine` is asked for only where a TorchScript file must be read.
[[nodiscard]] Model make_model(const spec::ModelSpec& spec, Shape shape, const std::function<Engine&()>& engine);

/// What trainings learn of it: all of it, or behind frozen layers the rest. Throws SpecError for a layer that isn't
/// there.
[[nodiscard]] Model learned_model(const spec::ModelSpec& spec, Shape shape, const std::function<Engine&()>& engine);

/// The parameters that a training starts from: drawn by `seed` for a layer list, as stored for a TorchScript file.
[[nodiscard]] std::vector<float> starting_parameters(const Model& model, std::uint64_t seed,
                                                     const std::function<Engine&()>& engine);

}  // namespace fedgram::learning
