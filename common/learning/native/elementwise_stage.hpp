#pragma once

#include "common/learning/native/activations.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

enum class Elementwise { relu, relu6, tanh };

/// An activation that no stage before it could include. Both sides have the same shape, apart from a border.
class ElementwiseStage final : public Stage {
public:
    /// Borrows the activations, which are of the same kind.
    ElementwiseStage(Elementwise function, Activations& in, Activations& out, bool input_gradient);

    void reserve(std::size_t) override {}
    void take(std::span<const float>) override {}
    void forward(std::size_t samples) override;
    void backward(std::size_t samples, std::span<float> gradient) override;

private:
    Elementwise function_;
    Activations& in_;
    Activations& out_;
    bool input_gradient_;
};

}  // namespace fedgram::learning::native
