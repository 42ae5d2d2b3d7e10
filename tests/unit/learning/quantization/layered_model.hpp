#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/learning/model/model.hpp"
#include "common/random/stream.hpp"

namespace fedgram::learning {

[[nodiscard]] inline Model builtin(const std::string& name)
{
    return build_model({.name = name, .layers = {}, .torchscript = {}}, {});
}

[[nodiscard]] inline Model of_layers(std::vector<spec::Layer> layers, Shape shape)
{
    return build_model({.name = "case", .layers = std::move(layers), .torchscript = {}}, shape);
}

/// Uniform from `low` to `high`.
[[nodiscard]] inline std::vector<float> uniform_values(std::size_t count, double low, double high, std::uint64_t seed)
{
    Stream random{seed, Purpose::synthetic_data};
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(low + (high - low) * random.uniform());
    return values;
}

}  // namespace fedgram::learning
