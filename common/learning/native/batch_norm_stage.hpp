#pragma once

#include <span>
#include <vector>

#include "common/learning/native/row_normalization.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// Batch normalization, and the activation that follows it, if any. While training it goes by the batch's mean and
/// variance; `track` then moves the running ones, by the unbiased variance, as PyTorch does. An evaluation goes by
/// those.
class BatchNormStage final : public StageByParts {
public:
    /// The weights and the biases behind them start at `offset` of the flat array, the running means and the running
    /// variances behind them at `buffer_offset`. Borrows the activations.
    BatchNormStage(const Kernels& kernels, Activation activation, std::size_t offset, std::size_t buffer_offset,
                   ImageActivations& in, ImageActivations& out, bool input_gradient);

    void take(std::span<const float> parameters) override { parameters_ = parameters; }
    void forward_part(Part part) override;
    void evaluate_part(Part part) override;
    void backward_part(Part part) override;
    [[nodiscard]] bool observes() const override { return true; }
    void observe(Part part) override;
    void settle(std::size_t samples) override;
    void observe_gradient(Part part) override;
    void settle_gradient(std::size_t samples, std::span<float> gradient) override;
    void track(std::span<float> parameters) const override;
    [[nodiscard]] ImageActivations* images_given() override { return &out_; }
    void give_again() override { gives_again_ = true; }
    [[nodiscard]] bool gives_again() const override { return gives_again_; }
    [[nodiscard]] bool gives_gradients_to_place() const override { return true; }
    [[nodiscard]] GradientsTaken gradients_taken() override { return {&out_, 0}; }

private:
    RowNormalization rows_;
    std::size_t offset_;
    std::size_t buffer_offset_;
    ImageActivations& out_;
    bool input_gradient_;
    bool gives_again_ = false;
    std::span<const float> parameters_;
    std::vector<float> scale_;
    std::vector<float> offset_of_channel_;
    // Of the last batch.
    RowNormalization::Slopes slopes_;
    std::vector<double> inverse_deviation_;
    std::vector<double> unbiased_variance_;
};

}  // namespace fedgram::learning::native
