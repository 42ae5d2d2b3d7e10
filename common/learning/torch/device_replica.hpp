#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <torch/script.h>

#include "common/learning/engine/engine.hpp"
#include "common/learning/torch/script_module.hpp"

namespace fedgram::learning::torch_engine {

/// A TorchScript module that lives and trains on a device of LibTorch's: a GPU, or the processor for tests. Its
/// optimizer runs there, each operation once over all tensors as PyTorch's multi-tensor optimizers do. Its sums are the
/// device's own: the bits differ from the processor's.
class DeviceReplica final : public Replica {
public:
    /// Throws SystemError where LibTorch has no such device.
    DeviceReplica(const Model& model, const spec::Optimizer& optimizer, torch::Device device);

    void begin(std::span<const float> parameters, std::uint64_t seed, const GradientCorrection& correction) override;
    double step(const Batch& batch, double learning_rate) override;
    Score evaluate(const Batch& batch) override;
    void read(std::span<float> parameters) const override;
    /// Without the device's own randomness: where a model draws random numbers, a resumed training draws others.
    [[nodiscard]] std::vector<std::byte> state() const override;
    void restore(std::span<const std::byte> state) override;

private:
    /// Moves the module to the device, and takes its trained tensors and moments of zero.
    void settle();
    torch::Tensor forward(const Batch& batch);
    void clip(std::vector<torch::Tensor>& gradients) const;
    void update(std::vector<torch::Tensor> gradients, const std::vector<std::size_t>& of, double learning_rate,
                double weight_decay);

    std::string where_;
    Shape shape_;
    ParameterTable table_;
    std::size_t least_batch_;  // of a training
    torch::jit::Module pristine_;
    std::vector<bool> trains_;  // of the federated tensors: a copy of a module forgets it
    torch::jit::Module module_;
    spec::Optimizer rule_;
    torch::Device device_;
    std::vector<torch::Tensor> trained_;
    std::vector<double> rate_factors_;  // by trained tensor
    std::vector<torch::Tensor>
        first_;  // momentum, or Adam's first moment, by trained tensor; empty where there is none
    std::vector<torch::Tensor> second_;  // Adam's second moment
    std::uint64_t steps_ = 0;
};

}  // namespace fedgram::learning::torch_engine
