#pragma once

#include "common/learning/native/activations.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

// A residual's stages, in their order: the branch, which stands for the shortcut before the body's stages, those of the
// body, those of the shortcut, if any, and the sum. Backward goes the other way, so that the branch adds the shortcut's
// gradient to the input's when the body has written its own.

/// The sum of a residual's body and shortcut, and the activation that follows it, if any.
class SumStage final : public Stage {
public:
    /// Borrows the activations. `shortcut_gradient`: the shortcut has layers, which want a gradient.
    SumStage(const Kernels& kernels, Activation activation, Activations& body, Activations& shortcut, Activations& out,
             bool body_gradient, bool shortcut_gradient);

    void reserve(std::size_t) override {}
    void take(std::span<const float>) override {}
    void forward(std::size_t samples) override;
    void backward(std::size_t samples, std::span<float> gradient) override;

    /// Adds the gradient of the sum to that of an input which is the shortcut itself.
    void add_gradient(std::size_t samples, Activations& in) const;

private:
    [[nodiscard]] RowGradient row_gradient(std::size_t at) const;

    const Kernels& kernels_;
    Activation activation_;
    Activations& body_;
    Activations& shortcut_;
    Activations& out_;
    bool body_gradient_;
    bool shortcut_gradient_;
};

/// The branch of a shortcut without layers: nothing forward, since the sum reads the input itself.
class IdentityStage final : public Stage {
public:
    /// Borrows both.
    IdentityStage(const SumStage& sum, Activations& in) : sum_{sum}, in_{in} {}

    void reserve(std::size_t) override {}
    void take(std::span<const float>) override {}
    void forward(std::size_t) override {}
    void backward(std::size_t samples, std::span<float>) override { sum_.add_gradient(samples, in_); }

private:
    const SumStage& sum_;
    Activations& in_;
};

/// The branch of a shortcut with layers: a copy, with a border of their own and a gradient of their own.
class BranchStage final : public Stage {
public:
    /// Borrows the activations.
    BranchStage(const Kernels& kernels, Activations& in, Activations& out, bool input_gradient);

    void reserve(std::size_t) override {}
    void take(std::span<const float>) override {}
    void forward(std::size_t samples) override;
    void backward(std::size_t samples, std::span<float> gradient) override;

private:
    const Kernels& kernels_;
    Activations& in_;
    Activations& out_;
    bool input_gradient_;
};

}  // namespace fedgram::learning::native
