#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace fedgram::spec {

/// A layer as a spec states it: plain values. Shapes, parameters and FLOPs follow in common/learning.
struct Conv2d {
    std::uint32_t channels{};
    std::uint32_t kernel{};
    std::uint32_t stride = 1;
    std::uint32_t padding = 0;
    std::uint32_t base_channels = 0;  ///< in the base model that muP scales from; 0: as many
    std::uint32_t groups = 1;         ///< each of the channels' groups sees its own; as many as channels: depthwise
    bool bias = true;
};
struct Linear {
    std::uint32_t features{};
    std::uint32_t base_features = 0;  ///< in the base model that muP scales from; 0: as many
};
struct Relu {};
struct Tanh {};
struct MaxPool2d {
    std::uint32_t kernel{};
    std::uint32_t stride{};
};
struct AvgPool2d {
    std::uint32_t kernel{};
    std::uint32_t stride{};
};
struct Flatten {};
/// By each channel's mean and variance over the batch; at evaluation by their running averages, of momentum 0.1.
struct BatchNorm {};
/// By mean and variance of each sample's groups of channels.
struct GroupNorm {
    std::uint32_t groups = 1;
};
/// The mean of each channel's pixels, as an image of 1 x 1.
struct GlobalAvgPool2d {};
/// While training, a value is 0 with this probability, and the others are scaled up by as much as is lost.
struct Dropout {
    double probability = 0.5;
};
struct Relu6 {};
struct Residual;

using Layer = std::variant<Conv2d, Linear, Relu, Tanh, MaxPool2d, AvgPool2d, Flatten, BatchNorm, GroupNorm,
                           GlobalAvgPool2d, Dropout, Relu6, Residual>;

/// What its layers give, plus what its shortcut gives; both take the same input, and give the same shape.
struct Residual {
    std::vector<Layer> layers;
    std::vector<Layer> shortcut{};  ///< empty: the input itself
};

/// How weights begin and learn as a model gets wider: as PyTorch's layers do, or by muP, so that rates found at one
/// width hold at another (Yang et al. 2022, arXiv:2203.03466).
enum class Parametrization { standard, mup };

/// What a spec says of its model. Exactly one of `layers` and `torchscript` is filled once a spec is resolved;
/// before that, `name` alone may stand for a built-in model.
struct ModelSpec {
    std::string name{};           ///< a built-in model, or the user's word for the layers
    std::vector<Layer> layers{};  ///< in order, from input to logits
    std::string torchscript{};    ///< path of a TorchScript file
    double width = 1;  ///< of a built-in model: its hidden channels and features times this; resolved: in them
    Parametrization parametrization = Parametrization::standard;
    std::string start{};  ///< path of a model file with the parameters that trainings begin with; empty: they are drawn
    std::string frozen_to{};  ///< of a model with a start, the last layer that trainings leave as it is; empty: none
};

}  // namespace fedgram::spec
