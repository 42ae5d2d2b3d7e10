#include "common/learning/native/depthwise_stage.hpp"

#include <algorithm>

namespace fedgram::learning::native {

DepthwiseStage::DepthwiseStage(const Kernels& kernels, const Geometry& geometry, std::size_t offset,
                               ImageActivations& in, ImageActivations& out, bool input_gradient)
    : kernels_{kernels},
      geometry_{geometry},
      offset_{offset},
      in_{in},
      out_{out},
      input_gradient_{input_gradient},
      rows_{geometry.kernel, geometry.stride, geometry.padding, in.height, out.height},
      columns_{geometry.kernel, geometry.stride, geometry.padding, in.width, out.width},
      padded_gradient_{rows_, columns_, out},
      weights_(geometry.kernel * geometry.kernel * padded(in.channels)),
      weights_by_phase_(weights_.size()),
      biases_(padded(in.channels)),
      weight_gradients_(weights_.size()),
      bias_gradients_(padded(in.channels))
{
}

void DepthwiseStage::take(std::span<const float> parameters)
{
    const std::size_t channels = in_.channels;
    const std::size_t area = geometry_.kernel * geometry_.kernel;
    const float* const weights = parameters.data() + offset_;
    kernels_.transpose(weights, channels, area, area, weights_.data(), padded(channels));
    if (geometry_.bias) std::copy_n(weights + channels * area, channels, biases_.begin());
    float* to = weights_by_phase_.data();
    for (const auto& row : rows_.phases)
        for (const auto& column : columns_.phases)
            for (const auto i : row.places)
                for (const auto j : column.places)
                    to = std::copy_n(weights_.data() + (i * geometry_.kernel + j) * padded(channels), padded(channels),
                                     to);
}

void DepthwiseStage::forward_part(Part part)
{
    Depthwise convolution;
    convolution.rows = out_.height;
    convolution.columns = out_.width;
    convolution.channels = in_.channels;
    convolution.kernel_rows = convolution.kernel_columns = geometry_.kernel;
    convolution.in_row_stride = in_.row_stride;
    convolution.row_step = geometry_.stride * in_.row_stride;
    convolution.column_step = geometry_.stride * in_.channels;
    convolution.weights = weights_.data();
    convolution.start = biases_.data();
    convolution.out_row_stride = out_.row_stride;
    convolution.out_column_stride = out_.channels;
    for (std::size_t sample = part.first; sample < part.end(); ++sample) {
        convolution.in = in_.values.data() + in_.place(sample);
        convolution.out = out_.values.data() + out_.first_pixel(sample);
        kernels_.depthwise(convolution);
    }
}

void DepthwiseStage::backward_input(std::size_t sample)
{
    const ImageLayout& layout = in_.gradient_layout;
    float* const gradients = in_.gradients.data() + layout.place(sample);
    if (geometry_.kernel < geometry_.stride) std::fill_n(gradients, layout.sample_stride, 0.0F);
    padded_gradient_.take(sample);
    Depthwise phase;
    phase.channels = in_.channels;
    phase.in_row_stride = phase.row_step = padded_gradient_.row_stride();
    phase.column_step = in_.channels;
    phase.weights = weights_by_phase_.data();
    phase.out_row_stride = geometry_.stride * layout.row_stride;
    phase.out_column_stride = geometry_.stride * in_.channels;
    for (const auto& row : rows_.phases)
        for (const auto& column : columns_.phases) {
            phase.kernel_rows = row.places.size();
            phase.kernel_columns = column.places.size();
            if (phase.kernel_rows * phase.kernel_columns == 0) continue;
            phase.rows = row.count;
            phase.columns = column.count;
            phase.in = padded_gradient_.window(row, column);
            phase.out = gradients + layout.corner + row.phase * layout.row_stride + column.phase * in_.channels;
            kernels_.depthwise(phase);
            phase.weights += phase.kernel_rows * phase.kernel_columns * padded(in_.channels);
        }
}

void DepthwiseStage::begin_backward()
{
    std::fill(weight_gradients_.begin(), weight_gradients_.end(), 0.0F);
    std::fill(bias_gradients_.begin(), bias_gradients_.end(), 0.0F);
}

void DepthwiseStage::backward_part(Part part)
{
    DepthwiseGradient of_weights;
    of_weights.rows = out_.height;
    of_weights.columns = out_.width;
    of_weights.channels = in_.channels;
    of_weights.kernel = geometry_.kernel;
    of_weights.in_row_stride = in_.row_stride;
    of_weights.row_step = geometry_.stride * in_.row_stride;
    of_weights.column_step = geometry_.stride * in_.channels;
    of_weights.gradient_row_stride = out_.gradient_layout.row_stride;
    of_weights.sums = weight_gradients_.data();
    of_weights.starts = bias_gradients_.data();
    for (std::size_t sample = part.first; sample < part.end(); ++sample) {
        of_weights.in = in_.values.data() + in_.place(sample);
        of_weights.gradients = out_.gradients.data() + out_.gradient_layout.first_pixel(sample);
        kernels_.depthwise_gradient(of_weights);
        if (input_gradient_) backward_input(sample);
    }
}

void DepthwiseStage::finish_backward(std::span<float> gradient)
{
    const std::size_t area = geometry_.kernel * geometry_.kernel;
    float* const weights = gradient.data() + offset_;
    kernels_.transpose(weight_gradients_.data(), area, in_.channels, padded(in_.channels), weights, area);
    if (geometry_.bias) std::copy_n(bias_gradients_.begin(), in_.channels, weights + in_.channels * area);
}

}  // namespace fedgram::learning::native
