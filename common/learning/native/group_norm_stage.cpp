#include "common/learning/native/group_norm_stage.hpp"

#include <algorithm>
#include <cmath>

#include "common/learning/model/normalization.hpp"

namespace fedgram::learning::native {

GroupNormStage::GroupNormStage(const Kernels& kernels, Activation activation, std::size_t groups, std::size_t offset,
                               ImageActivations& in, ImageActivations& out, bool input_gradient)
    : rows_{kernels, activation, in, out},
      groups_{groups},
      group_channels_{in.channels / groups},
      offset_{offset},
      input_gradient_{input_gradient},
      scale_(in.channels),
      offset_of_channel_(in.channels),
      slopes_{std::vector<float>(in.channels), std::vector<float>(in.channels), std::vector<float>(in.channels),
              std::vector<float>(in.channels)}
{
}

void GroupNormStage::reserve(std::size_t samples)
{
    means_.resize(std::max(means_.size(), samples * groups_));
    inverse_deviations_.resize(means_.size());
}

void GroupNormStage::set_scale(std::size_t sample)
{
    const float* const weights = parameters_.data() + offset_;
    const float* const biases = weights + rows_.channels();
    for (std::size_t c = 0; c < rows_.channels(); ++c) {
        const std::size_t group = sample * groups_ + c / group_channels_;
        const double scale = weights[c] * inverse_deviations_[group];
        scale_[c] = static_cast<float>(scale);
        offset_of_channel_[c] = static_cast<float>(biases[c] - means_[group] * scale);
    }
    rows_.set_scale(scale_, offset_of_channel_);
}

void GroupNormStage::forward_part(Part part)
{
    const auto pixels = static_cast<double>(rows_.pixels());
    const auto count = pixels * static_cast<double>(group_channels_);
    for (std::size_t sample = part.first; sample < part.end(); ++sample) {
        rows_.begin_moments(sample);
        rows_.add_moments({sample, 1});
        const auto& sums = rows_.moments();
        const auto& shift = rows_.shift();
        for (std::size_t group = 0; group < groups_; ++group) {
            const std::size_t first = group * group_channels_;
            const std::size_t end = first + group_channels_;
            double mean = 0;
            for (std::size_t c = first; c < end; ++c) mean += pixels * shift[c] + sums.first[c];
            mean /= count;
            // About the group's mean: of each channel its own squares, and how far its shift is from that mean.
            double variance = 0;
            for (std::size_t c = first; c < end; ++c) {
                const double away = shift[c] - mean;
                variance += sums.second[c] + 2 * away * sums.first[c] + pixels * away * away;
            }
            variance = std::max(0.0, variance / count);
            const double inverse = 1 / std::sqrt(variance + normalization_epsilon);
            means_[sample * groups_ + group] = mean;
            inverse_deviations_[sample * groups_ + group] = inverse;
        }
        set_scale(sample);
        rows_.apply({sample, 1});
    }
}

void GroupNormStage::begin_backward()
{
    weight_gradients_.assign(rows_.channels(), 0);
    bias_gradients_.assign(rows_.channels(), 0);
}

void GroupNormStage::backward_part(Part part)
{
    const std::size_t channels = rows_.channels();
    const float* const weights = parameters_.data() + offset_;
    const auto count = static_cast<double>(rows_.pixels() * group_channels_);
    for (std::size_t sample = part.first; sample < part.end(); ++sample) {
        for (std::size_t c = 0; c < channels; ++c)
            slopes_.mean[c] = static_cast<float>(means_[sample * groups_ + c / group_channels_]);
        set_scale(sample);
        rows_.begin_gradient_moments(slopes_.mean);
        rows_.add_gradient_moments({sample, 1});
        const auto& sums = rows_.moments();
        for (std::size_t group = 0; group < groups_; ++group) {
            const double inverse = inverse_deviations_[sample * groups_ + group];
            const std::size_t first = group * group_channels_;
            const std::size_t end = first + group_channels_;
            double sum = 0;       // of weight g
            double products = 0;  // of weight g x^
            for (std::size_t c = first; c < end; ++c) {
                weight_gradients_[c] += sums.second[c] * inverse;
                bias_gradients_[c] += sums.first[c];
                sum += weights[c] * sums.first[c];
                products += weights[c] * sums.second[c] * inverse;
            }
            // dx = 1 / deviation (weight g - mean(weight g) - x^ mean(weight g x^)).
            for (std::size_t c = first; c < end; ++c) {
                slopes_.factor[c] = static_cast<float>(weights[c] * inverse);
                slopes_.constant[c] = static_cast<float>(-inverse * sum / count);
                slopes_.deviation[c] = static_cast<float>(-inverse * inverse * products / count);
            }
        }
        if (!input_gradient_) continue;
        rows_.set_slopes(slopes_);
        rows_.gradient({sample, 1});
    }
}

void GroupNormStage::finish_backward(std::span<float> gradient)
{
    const std::size_t channels = rows_.channels();
    float* const of_weights = gradient.data() + offset_;
    for (std::size_t c = 0; c < channels; ++c) {
        of_weights[c] = static_cast<float>(weight_gradients_[c]);
        of_weights[channels + c] = static_cast<float>(bias_gradients_[c]);
    }
}

}  // namespace fedgram::learning::native
