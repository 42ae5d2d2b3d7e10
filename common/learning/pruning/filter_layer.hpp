#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// A layer that is made of filters, each of which gives one channel or feature of what the next layer takes: a
/// convolution's filters, a linear layer's rows.
struct FilterLayer {
    std::string name;       ///< "conv1"
    std::size_t place = 0;  ///< among the model's layers
    std::uint32_t filters = 0;
    std::size_t filter_size = 0;                    ///< weights of one filter, which lie side by side
    std::size_t weights = 0;                        ///< where the first of them lies in the flat array
    std::size_t biases = 0;                         ///< where the first filter's bias lies
    bool pads = false;                              ///< puts zeros around its input
    std::vector<double (*)(double)> activations{};  ///< what its outputs go through on their way to the next one

    /// What a filter gives everywhere if its weights are all 0.
    [[nodiscard]] double constant(double bias) const;
};

/// All of them, from input to logits; the last one gives the logits. A new kind of layer gets its case here. Throws
/// SpecError for a TorchScript model, and for a layer of a kind that isn't known here.
[[nodiscard]] std::vector<FilterLayer> filter_layers(const Model& model);

}  // namespace fedgram::learning
