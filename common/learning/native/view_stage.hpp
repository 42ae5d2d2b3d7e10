#pragma once

#include <cstddef>

#include "common/learning/native/activation_view.hpp"
#include "common/learning/native/activations.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// What a view makes of activations at one of its points. Both sides have the same shape, apart from a border.
class ViewStage final : public Stage {
public:
    /// Borrows all of them.
    ViewStage(ActivationView& view, std::size_t point, Activations& in, Activations& out, bool input_gradient);

    void reserve(std::size_t) override {}
    void take(std::span<const float>) override {}
    void forward(std::size_t samples) override;
    void backward(std::size_t samples, std::span<float> gradient) override;

private:
    // What came in, of so many samples, without borders and padding.
    void gather(std::size_t samples);

    ActivationView& view_;
    std::size_t point_;
    Activations& in_;
    Activations& out_;
    bool input_gradient_;
    AlignedFloats values_;  // as the view is given them, as the gradients are
    AlignedFloats gradients_;
};

}  // namespace fedgram::learning::native
