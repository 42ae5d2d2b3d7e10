#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/learning/levers/stored_model.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/model_file/model_file.hpp"
#include "common/learning/quantization/fused_layers.hpp"
#include "common/learning/quantization/quantize_model.hpp"

namespace fedgram::test {

enum class ServedIn { float32, int8 };

/// An untrained model that can be served: a built-in one for images of 28 x 28 pixels and ten classes, or layers.
inline learning::Candidate servable(const spec::ModelSpec& spec, ServedIn arithmetic, const learning::Shape& shape = {})
{
    learning::Candidate candidate{spec, learning::build_model(spec, shape), {}};
    candidate.parameters = learning::initial_parameters(candidate.model, 1);
    if (arithmetic == ServedIn::float32) return candidate;
    std::vector<learning::ValueRange> ranges{{0, 1}};
    for (const auto& layer : learning::fused_layers(candidate.model))
        ranges.push_back(layer.has_relu() ? learning::ValueRange{0, 1} : learning::ValueRange{-0.25F, 0.25F});
    candidate.int8 =
        learning::quantize_model(candidate.model, candidate.parameters, ranges, learning::WeightScales::per_channel);
    return candidate;
}

inline spec::ModelSpec built_in(const std::string& name)
{
    return {.name = name, .layers = learning::builtin_layers(name).value()};
}

inline void write_servable(const std::filesystem::path& file, const spec::ModelSpec& spec,
                           ServedIn arithmetic = ServedIn::float32, const learning::Shape& shape = {})
{
    learning::write_model_file(file, learning::stored_model(servable(spec, arithmetic, shape)));
}

}  // namespace fedgram::test
