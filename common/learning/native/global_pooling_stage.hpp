#pragma once

#include "common/learning/native/activations.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// The mean of each channel's pixels.
class GlobalPoolingStage final : public StageByParts {
public:
    /// Borrows the activations; those behind it have one pixel.
    GlobalPoolingStage(const Kernels& kernels, ImageActivations& in, ImageActivations& out, bool input_gradient);

    void forward_part(Part part) override;
    void backward_part(Part part) override;
    [[nodiscard]] bool takes_from_place() const override { return true; }
    [[nodiscard]] bool looks_back() const override { return false; }
    [[nodiscard]] bool gives_gradients_to_place() const override { return true; }

private:
    const Kernels& kernels_;
    ImageActivations& in_;
    ImageActivations& out_;
    bool input_gradient_;
    AlignedFloats row_;  // the sum of an image's rows; or its gradient, the same in each
};

}  // namespace fedgram::learning::native
