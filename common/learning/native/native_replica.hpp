#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/native/network.hpp"
#include "common/learning/training/optimizer.hpp"

namespace fedgram::learning::native {

/// A model of layers, by the kernels of one instruction set.
class NativeReplica final : public Replica {
public:
    /// Throws SystemError for bfloat16 where the CPU can't.
    NativeReplica(const Model& model, const spec::Optimizer& optimizer, const Kernels& kernels);

    void begin(std::span<const float> parameters, std::uint64_t seed, const GradientCorrection& correction) override;
    double step(const Batch& batch, double learning_rate) override;
    Score evaluate(const Batch& batch) override;
    void read(std::span<float> parameters) const override;
    [[nodiscard]] std::vector<std::byte> state() const override;
    void restore(std::span<const std::byte> state) override;

private:
    Network network_;
    AlignedFloats parameters_;
    AlignedFloats gradient_;
    std::size_t trained_;      // floats before the buffers
    std::string name_;         // the model's, in an error's text
    std::size_t least_batch_;  // of a training
    FlatOptimizer optimizer_;
    std::uint64_t seed_ = 0;   // of dropouts
    std::uint64_t steps_ = 0;  // since `begin`
};

}  // namespace fedgram::learning::native
