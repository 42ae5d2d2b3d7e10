#pragma once

#include <span>
#include <vector>

#include "common/learning/native/row_normalization.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// Group normalization, and the activation that follows it, if any: each sample by its own means and variances.
class GroupNormStage final : public StageByParts {
public:
    /// The weights and the biases behind them start at `offset` of the flat array. Borrows the activations.
    GroupNormStage(const Kernels& kernels, Activation activation, std::size_t groups, std::size_t offset,
                   ImageActivations& in, ImageActivations& out, bool input_gradient);

    void reserve(std::size_t samples) override;
    void take(std::span<const float> parameters) override { parameters_ = parameters; }
    void forward_part(Part part) override;
    void begin_backward() override;
    void backward_part(Part part) override;
    void finish_backward(std::span<float> gradient) override;

private:
    void set_scale(std::size_t sample);

    RowNormalization rows_;
    std::size_t groups_;
    std::size_t group_channels_;
    std::size_t offset_;
    bool input_gradient_;
    std::span<const float> parameters_;
    std::vector<float> scale_;
    std::vector<float> offset_of_channel_;
    RowNormalization::Slopes slopes_;
    std::vector<double> means_;               // [sample][group]
    std::vector<double> inverse_deviations_;  // [sample][group]
    std::vector<double> weight_gradients_;
    std::vector<double> bias_gradients_;
};

}  // namespace fedgram::learning::native
