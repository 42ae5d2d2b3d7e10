#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// A model in two parts: layers that stay as they are, and those that learn from what these give.
struct SplitModel {
    /// Its layers read their places in the whole model's parameters; of its own table only the size is there.
    Model frozen;
    /// What the frozen part gives is its input, and the whole model's logits are its own. Of layers without images a
    /// flattening comes first. Layers and tensors are called as in the whole model.
    Model rest;
    spec::ModelSpec rest_layers;      ///< what `rest` is built of
    std::vector<std::size_t> places;  ///< of each of the rest's floats in the whole model's
};

/// The frozen part ends behind the layer of this name and what follows it without parameters of its own. Only layers
/// that aren't inside a residual have a name here. Throws SpecError for another name (lists those that there are), and
/// where no layer is left to learn.
[[nodiscard]] SplitModel split_behind(const Model& model, const std::string& layer);

/// The rest's floats out of the whole model's.
[[nodiscard]] std::vector<float> rest_of(std::span<const float> whole, std::span<const std::size_t> places);
/// Puts them back.
void put_rest(std::span<const float> rest, std::span<const std::size_t> places, std::span<float> whole);

}  // namespace fedgram::learning
