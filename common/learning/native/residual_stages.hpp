#pragma once

#include "common/learning/native/activations.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

// A residual's stages, in their order: the branch, which stands for the shortcut before the body's stages, those of the
// body, those of the shortcut, if any, and the sum. Backward goes the other way, so that the branch adds the shortcut's
// gradient to the input's when the body has written its own.

/// The sum of a residual's body and shortcut, and the activation that follows it, if any.
class SumStage final : public StageByParts {
public:
    /// Borrows the activations. `shortcut_gradient`: the shortcut has layers, which want a gradient.
    SumStage(const Kernels& kernels, Activation activation, Activations& body, Activations& shortcut, Activations& out,
             bool body_gradient, bool shortcut_gradient);

    [[nodiscard]] bool has_parts() const override { return std::holds_alternative<ImageActivations>(body_); }
    void forward_part(Part part) override;
    void backward_part(Part part) override;
    [[nodiscard]] bool takes_from_place() const override { return true; }
    [[nodiscard]] bool looks_back() const override { return false; }
    [[nodiscard]] bool gives_gradients_to_place() const override { return true; }

    /// Adds the gradient of the sum to that of an input which is the shortcut itself.
    void add_gradient(Part part, Activations& in) const;

private:
    // At a place of the sum's gradient, which lies as its values do.
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
class IdentityStage final : public StageByParts {
public:
    /// Borrows both.
    IdentityStage(const SumStage& sum, Activations& in) : sum_{sum}, in_{in} {}

    [[nodiscard]] bool has_parts() const override { return std::holds_alternative<ImageActivations>(in_); }
    void forward_part(Part) override {}
    void backward_part(Part part) override { sum_.add_gradient(part, in_); }

private:
    const SumStage& sum_;
    Activations& in_;
};

/// The branch of a shortcut with layers: a copy, with a border of their own and a gradient of their own.
class BranchStage final : public StageByParts {
public:
    /// Borrows the activations.
    BranchStage(const Kernels& kernels, Activations& in, Activations& out, bool input_gradient);

    [[nodiscard]] bool has_parts() const override { return std::holds_alternative<ImageActivations>(in_); }
    void forward_part(Part part) override;
    void backward_part(Part part) override;

private:
    const Kernels& kernels_;
    Activations& in_;
    Activations& out_;
    bool input_gradient_;
};

}  // namespace fedgram::learning::native
