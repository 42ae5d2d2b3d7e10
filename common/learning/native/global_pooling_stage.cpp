#include "common/learning/native/global_pooling_stage.hpp"

#include <algorithm>
#include <span>

#include "common/learning/native/channel_rows.hpp"

namespace fedgram::learning::native {

GlobalPoolingStage::GlobalPoolingStage(const Kernels& kernels, ImageActivations& in, ImageActivations& out,
                                       bool input_gradient)
    : kernels_{kernels},
      in_{in},
      out_{out},
      input_gradient_{input_gradient},
      row_(padded(in.width * in.channels) + lane_block)
{
}

void GlobalPoolingStage::forward_part(Part part)
{
    const std::size_t row_size = in_.width * in_.channels;
    const float share = 1.0F / static_cast<float>(in_.height * in_.width);
    for (std::size_t sample = part.first; sample < part.end(); ++sample) {
        const float* const first = in_.values.data() + in_.first_pixel(sample);
        std::copy_n(first, row_size, row_.begin());
        for (std::size_t row = 1; row < in_.height; ++row)
            kernels_.add(row_.data(), first + row * in_.row_stride, Activation::none, row_size, row_.data());
        for (std::size_t column = 1; column < in_.width; ++column)
            kernels_.add(row_.data(), row_.data() + column * in_.channels, Activation::none, in_.channels, row_.data());
        float* const out = out_.values.data() + out_.first_pixel(sample);
        for (std::size_t channel = 0; channel < in_.channels; ++channel) out[channel] = row_[channel] * share;
    }
}

void GlobalPoolingStage::backward_part(Part part)
{
    if (!input_gradient_) return;
    const std::size_t row_size = in_.width * in_.channels;
    const float share = 1.0F / static_cast<float>(in_.height * in_.width);
    for (std::size_t sample = part.first; sample < part.end(); ++sample) {
        float* const gradients = out_.gradients.data() + out_.gradient_layout.first_pixel(sample);
        for (std::size_t channel = 0; channel < in_.channels; ++channel) gradients[channel] *= share;
        spread(std::span{gradients, in_.channels}, row_size, row_.data());
        float* const first = in_.gradients.data() + in_.gradient_layout.first_pixel(sample);
        for (std::size_t row = 0; row < in_.height; ++row)
            std::copy_n(row_.begin(), row_size, first + row * in_.gradient_layout.row_stride);
    }
}

}  // namespace fedgram::learning::native
