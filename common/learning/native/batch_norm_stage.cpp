#include "common/learning/native/batch_norm_stage.hpp"

#include <algorithm>
#include <cmath>

#include "common/learning/model/normalization.hpp"

namespace fedgram::learning::native {

BatchNormStage::BatchNormStage(const Kernels& kernels, Activation activation, std::size_t offset,
                               std::size_t buffer_offset, ImageActivations& in, ImageActivations& out,
                               bool input_gradient)
    : rows_{kernels, activation, in, out},
      offset_{offset},
      buffer_offset_{buffer_offset},
      out_{out},
      input_gradient_{input_gradient},
      scale_(in.channels),
      offset_of_channel_(in.channels),
      slopes_{std::vector<float>(in.channels), std::vector<float>(in.channels), std::vector<float>(in.channels),
              std::vector<float>(in.channels)},
      inverse_deviation_(in.channels),
      unbiased_variance_(in.channels)
{
}

void BatchNormStage::observe(Part part)
{
    if (part.first == 0) rows_.begin_moments(0);
    rows_.add_moments(part);
}

void BatchNormStage::settle(std::size_t samples)
{
    const auto& sums = rows_.moments();
    const auto& shift = rows_.shift();
    const auto count = static_cast<double>(samples * rows_.pixels());
    const float* const weights = parameters_.data() + offset_;
    const float* const biases = weights + rows_.channels();
    for (std::size_t channel = 0; channel < rows_.channels(); ++channel) {
        const double beyond_shift = sums.first[channel] / count;
        const double mean = shift[channel] + beyond_shift;
        const double variance = std::max(0.0, sums.second[channel] / count - beyond_shift * beyond_shift);
        inverse_deviation_[channel] = 1 / std::sqrt(variance + normalization_epsilon);
        unbiased_variance_[channel] = variance * (count / (count - 1));
        slopes_.mean[channel] = static_cast<float>(mean);
        const double scale = weights[channel] * inverse_deviation_[channel];
        scale_[channel] = static_cast<float>(scale);
        offset_of_channel_[channel] = static_cast<float>(biases[channel] - mean * scale);
    }
    rows_.set_scale(scale_, offset_of_channel_);
}

void BatchNormStage::forward_part(Part part) { rows_.apply(part); }

void BatchNormStage::evaluate_part(Part part)
{
    if (part.first > 0) {
        rows_.apply(part);
        return;
    }
    const std::size_t channels = rows_.channels();
    const float* const weights = parameters_.data() + offset_;
    const float* const biases = weights + channels;
    const float* const means = parameters_.data() + buffer_offset_;
    const float* const variances = means + channels;
    for (std::size_t channel = 0; channel < channels; ++channel) {
        const double scale = weights[channel] / std::sqrt(variances[channel] + normalization_epsilon);
        scale_[channel] = static_cast<float>(scale);
        offset_of_channel_[channel] = static_cast<float>(biases[channel] - means[channel] * scale);
    }
    rows_.set_scale(scale_, offset_of_channel_);
    rows_.apply(part);
}

void BatchNormStage::observe_gradient(Part part)
{
    if (part.first == 0) rows_.begin_gradient_moments(slopes_.mean);
    rows_.add_gradient_moments(part);
}

void BatchNormStage::settle_gradient(std::size_t samples, std::span<float> gradient)
{
    const auto& sums = rows_.moments();
    const std::size_t channels = rows_.channels();
    const auto count = static_cast<double>(samples * rows_.pixels());
    const float* const weights = parameters_.data() + offset_;
    float* const of_weights = gradient.data() + offset_;
    float* const of_biases = of_weights + channels;
    for (std::size_t channel = 0; channel < channels; ++channel) {
        // dx = weight / deviation (g - mean(g) - x^ mean(g x^)), with x^ = (x - mean) / deviation.
        const double inverse = inverse_deviation_[channel];
        const double of_weight = sums.second[channel] * inverse;
        of_weights[channel] = static_cast<float>(of_weight);
        of_biases[channel] = static_cast<float>(sums.first[channel]);
        const double factor = weights[channel] * inverse;
        slopes_.factor[channel] = static_cast<float>(factor);
        slopes_.constant[channel] = static_cast<float>(-factor * sums.first[channel] / count);
        slopes_.deviation[channel] = static_cast<float>(-factor * of_weight * inverse / count);
    }
    rows_.set_slopes(slopes_);
}

void BatchNormStage::backward_part(Part part)
{
    if (input_gradient_) rows_.gradient(part);
}

void BatchNormStage::track(std::span<float> parameters) const
{
    float* const means = parameters.data() + buffer_offset_;
    float* const variances = means + rows_.channels();
    const auto move = [](float& running, double newest) {
        running = static_cast<float>((1 - batch_norm_momentum) * running + batch_norm_momentum * newest);
    };
    for (std::size_t channel = 0; channel < rows_.channels(); ++channel) {
        move(means[channel], slopes_.mean[channel]);
        move(variances[channel], unbiased_variance_[channel]);
    }
}

}  // namespace fedgram::learning::native
