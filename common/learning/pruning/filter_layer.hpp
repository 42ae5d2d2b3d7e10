#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/learning/model/model.hpp"
#include "common/learning/pruning/channel_step.hpp"

namespace fedgram::learning {

/// A layer that is made of filters, each of which gives one channel or feature of what the next layer takes: a
/// convolution's filters, a linear layer's rows.
struct FilterLayer {
    std::string name;       ///< "conv1", "residual1.conv2"
    std::size_t place = 0;  ///< among `all_layers` of the model
    std::uint32_t filters = 0;
    std::size_t filter_size = 0;          ///< weights of one filter, which lie side by side
    std::size_t weights = 0;              ///< where the first of them lies in the flat array
    std::optional<std::size_t> biases{};  ///< where the first filter's bias lies
    bool pads = false;                    ///< puts zeros around its input
    std::vector<ChannelStep> steps{};     ///< what its channels go through on their way to the next one
    std::optional<std::size_t> next{};    ///< which of the filter layers takes its channels, and no other
    std::string stays{};                  ///< why its filters can't go: "residual1 needs ..."; empty: they can
};

/// All of them, in the order of computation. Filters can go where their channels reach one other such layer, and
/// neither the classes nor a residual: what that adds must keep its channels, and so must what it takes. A new kind of
/// layer gets its case here. Throws SpecError for a TorchScript model, and for a layer of a kind that isn't known here.
[[nodiscard]] std::vector<FilterLayer> filter_layers(const Model& model);

}  // namespace fedgram::learning
