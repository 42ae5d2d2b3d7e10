#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <torch/script.h>

#include "common/learning/engine/engine.hpp"
#include "common/learning/torch/script_module.hpp"
#include "common/learning/training/optimizer.hpp"

namespace fedgram::learning::torch_engine {

/// A TorchScript module whose parameters are views into one flat array, so that taking, giving and updating them are
/// passes over memory.
class TorchReplica final : public Replica {
public:
    TorchReplica(const Model& model, const spec::Optimizer& optimizer);

    void begin(std::span<const float> parameters, std::uint64_t seed, const GradientCorrection& correction) override;
    double step(const Batch& batch, double learning_rate) override;
    Score evaluate(const Batch& batch) override;
    void read(std::span<float> parameters) const override;
    [[nodiscard]] std::vector<std::byte> state() const override;
    void restore(std::span<const std::byte> state) override;

private:
    /// Makes the module's federated tensors views into `flat_`, whose values stay.
    void bind();
    torch::Tensor forward(const Batch& batch);
    torch::Tensor forward_with_own_randomness(const Batch& batch);

    std::string where_;  // the model, in an error's text
    Shape shape_;
    ParameterTable table_;
    std::size_t least_batch_;      // of a training
    torch::jit::Module pristine_;  // as made or loaded; each `begin` starts from a copy
    torch::jit::Module module_;
    std::vector<float> flat_;
    std::vector<std::size_t> trained_offsets_;
    std::vector<torch::Tensor> trained_;
    FlatOptimizer optimizer_;
    bool random_;
    at::Generator generator_;
};

}  // namespace fedgram::learning::torch_engine
