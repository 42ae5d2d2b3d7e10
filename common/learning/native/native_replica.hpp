#pragma once

#include <span>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/native/network.hpp"
#include "common/learning/training/optimizer.hpp"

namespace fedgram::learning::native {

/// A model of layers, by the kernels of one instruction set.
class NativeReplica final : public Replica {
public:
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
    FlatOptimizer optimizer_;
};

}  // namespace fedgram::learning::native
