#include "common/learning/native/pooling_stage.hpp"

#include <algorithm>

namespace fedgram::learning::native {

PoolingStage::PoolingStage(Pooling kind, std::size_t kernel, std::size_t stride, ImageActivations& in,
                           ImageActivations& out, bool input_gradient)
    : kind_{kind}, kernel_{kernel}, stride_{stride}, in_{in}, out_{out}, input_gradient_{input_gradient}
{
}

void PoolingStage::reserve(std::size_t samples)
{
    if (kind_ == Pooling::largest)
        winners_.resize(std::max(winners_.size(), samples * out_.height * out_.width * out_.channels));
}

std::size_t PoolingStage::window_at(std::size_t sample, std::size_t row, std::size_t column) const
{
    return sample * in_.sample_stride + in_.corner + stride_ * (row * in_.row_stride + column * in_.channels);
}

std::size_t PoolingStage::out_at(std::size_t sample, std::size_t row, std::size_t column) const
{
    return sample * out_.sample_stride + out_.corner + row * out_.row_stride + column * out_.channels;
}

void PoolingStage::largest_of_window(const float* window, std::size_t out_at, std::uint32_t* winner)
{
    for (std::size_t channel = 0; channel < in_.channels; ++channel) {
        std::size_t best = channel;
        for (std::size_t i = 0; i < kernel_; ++i)
            for (std::size_t j = 0; j < kernel_; ++j)
                if (const std::size_t at = i * in_.row_stride + j * in_.channels + channel; window[at] > window[best])
                    best = at;
        out_.values[out_at + channel] = window[best];
        winner[channel] = static_cast<std::uint32_t>(best);
    }
}

void PoolingStage::mean_of_window(const float* window, std::size_t out_at)
{
    const float share = 1.0F / static_cast<float>(kernel_ * kernel_);
    for (std::size_t channel = 0; channel < in_.channels; ++channel) {
        float sum = 0;
        for (std::size_t i = 0; i < kernel_; ++i)
            for (std::size_t j = 0; j < kernel_; ++j) sum += window[i * in_.row_stride + j * in_.channels + channel];
        out_.values[out_at + channel] = sum * share;
    }
}

void PoolingStage::forward(std::size_t samples)
{
    std::uint32_t* winner = winners_.data();
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t row = 0; row < out_.height; ++row)
            for (std::size_t column = 0; column < out_.width; ++column) {
                const float* const window = in_.values.data() + window_at(sample, row, column);
                if (kind_ == Pooling::mean) {
                    mean_of_window(window, out_at(sample, row, column));
                } else {
                    largest_of_window(window, out_at(sample, row, column), winner);
                    winner += in_.channels;
                }
            }
}

void PoolingStage::backward(std::size_t samples, std::span<float>)
{
    if (!input_gradient_) return;
    std::fill_n(in_.gradients.begin(), samples * in_.sample_stride, 0.0F);
    const float share = 1.0F / static_cast<float>(kernel_ * kernel_);
    const std::uint32_t* winner = winners_.data();
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t row = 0; row < out_.height; ++row)
            for (std::size_t column = 0; column < out_.width; ++column) {
                float* const window = in_.gradients.data() + window_at(sample, row, column);
                const float* const from = out_.gradients.data() + out_at(sample, row, column);
                if (kind_ == Pooling::largest) {
                    for (std::size_t channel = 0; channel < in_.channels; ++channel) window[*winner++] += from[channel];
                    continue;
                }
                for (std::size_t i = 0; i < kernel_; ++i)
                    for (std::size_t j = 0; j < kernel_; ++j)
                        for (std::size_t channel = 0; channel < in_.channels; ++channel)
                            window[i * in_.row_stride + j * in_.channels + channel] += from[channel] * share;
            }
}

}  // namespace fedgram::learning::native
