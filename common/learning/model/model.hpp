#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "common/learning/model/kernels.hpp"
#include "common/learning/model/parameters.hpp"
#include "common/spec/layer.hpp"

namespace fedgram::learning {

/// What goes into a model and how many classes come out of it.
struct Shape {
    std::uint32_t channels = 1;
    std::uint32_t height = 28;
    std::uint32_t width = 28;
    std::uint32_t classes = 10;
};

/// One layer with its shapes worked out; per sample. Of a residual the costs are its addition's alone.
struct LayerInfo {
    spec::Layer layer;
    std::string name;                        ///< "conv1", "relu1", "fc2", "residual1.conv3", ...
    std::vector<std::int64_t> output_shape;  ///< without the batch dimension
    std::uint64_t parameters = 0;            ///< buffers included
    std::size_t offset = 0;                  ///< of its first trained parameter in the flat array
    std::size_t buffer_offset = 0;           ///< of its first buffer
    std::vector<LayerInfo> body{};           ///< of a residual
    std::vector<LayerInfo> shortcut{};       ///< of a residual
    std::uint64_t forward_flops = 0;
    std::uint64_t backward_flops = 0;
    std::uint64_t forward_bytes = 0;   ///< activations moved
    std::uint64_t backward_bytes = 0;  ///< activations moved
    LayerKernels kernels{};            ///< per step
};

/// Cost of one model, per sample but for the kernels.
struct ModelCost {
    std::uint64_t forward_flops = 0;
    std::uint64_t backward_flops = 0;
    std::uint64_t forward_bytes = 0;
    std::uint64_t backward_bytes = 0;
    LayerKernels kernels{};  ///< per step

    ModelCost& operator+=(const ModelCost& part)
    {
        forward_flops += part.forward_flops;
        backward_flops += part.backward_flops;
        forward_bytes += part.forward_bytes;
        backward_bytes += part.backward_bytes;
        kernels.forward += part.kernels.forward;
        kernels.backward += part.kernels.backward;
        return *this;
    }
};

/// A model: layers with shapes and a parameter table, or a TorchScript file described by the engine.
struct Model {
    std::string name;
    Shape shape;
    std::vector<LayerInfo> layers;  ///< empty for a TorchScript model; residuals hold more
    std::string torchscript;        ///< path; empty for a layer list
    ParameterTable parameters;
    ModelCost cost;
};

/// Works out shapes, parameters and costs. Throws SpecError naming the layer that doesn't fit
/// ("model.layers[3]: ...").
[[nodiscard]] Model build_model(const spec::ModelSpec& spec, Shape shape);

/// All layers in the order of computation: a residual's body and shortcut, then the residual itself, its addition.
[[nodiscard]] std::vector<const LayerInfo*> all_layers(const Model& model);

/// The smallest batch that the model can train on: 2 where a batch normalization has one value a channel of a sample,
/// whose variance would be 0; else 1.
[[nodiscard]] std::size_t least_training_batch(const Model& model);
/// Throws DataError, which names the model and the way out, for a batch of fewer samples than that.
void check_training_batch(const std::string& model, std::size_t least, std::size_t samples);

/// U(-1/sqrt(fan_in), 1/sqrt(fan_in)) for weights and biases, as PyTorch's layers do by default, times what muP
/// changes; a normalization's weights and variances 1, its biases and means 0. Each slot has its own stream, so the
/// bits are the same on every CPU. For layer lists only.
[[nodiscard]] std::vector<float> initial_parameters(const Model& model, std::uint64_t seed);

}  // namespace fedgram::learning
