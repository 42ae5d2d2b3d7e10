#pragma once

#include "common/learning/native/activations.hpp"
#include "common/learning/native/bf16_kernels.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// A fully connected layer, and the ReLU that follows it, if any. A register's lanes are samples. So the weights are
/// read as they lie in the flat array, and only activations are transposed. An evaluation takes many samples by the
/// same weights: where the activations before it lie sample by sample, it transposes the weights instead, once.
///
/// In bfloat16 a few rows or columns of the weights at a time are rounded into the cache, where they are multiplied.
class LinearStage final : public Stage {
public:
    /// The weights, [out][in], and the biases behind them start at `offset` of the flat array. Borrows the activations.
    /// With `bf16` a step's products are in bfloat16.
    LinearStage(const Kernels& kernels, const Bf16Kernels* bf16, Activation activation, std::size_t offset,
                FeatureActivations& in, FeatureActivations& out, bool input_gradient);

    void reserve(std::size_t) override {}
    void take(std::span<const float> parameters) override;
    void forward(std::size_t samples) override;
    void evaluate(std::size_t samples) override;
    void backward(std::size_t samples, std::span<float> gradient) override;

private:
    [[nodiscard]] Product forward_product(std::size_t samples) const;
    void forward_in_bf16(std::size_t samples);
    void backward_in_bf16(std::size_t samples, float* weight_gradients);
    [[nodiscard]] const float* rows_of_input(std::size_t samples);
    void turn_parameters();

    const Kernels& kernels_;
    const Bf16Kernels* bf16_;
    Activation activation_;
    std::size_t offset_;
    FeatureActivations& in_;
    FeatureActivations& out_;
    bool input_gradient_;
    std::span<const float> parameters_;
    AlignedFloats rows_;    // the input, [sample][feature], where nobody else has it so
    AlignedFloats turned_;  // for evaluations, the weights, [in][padded out], and the biases; empty: not transposed yet
    AlignedFloats outputs_;       // of an evaluation, [sample][padded out]
    AlignedFloats weight_pairs_;  // of the rows or columns at hand
    AlignedFloats pairs_;         // the product's other factor
    AlignedFloats gradient_pairs_;
};

}  // namespace fedgram::learning::native
