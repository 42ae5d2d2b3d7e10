#include "common/learning/native/linear_stage.hpp"

#include <algorithm>

namespace fedgram::learning::native {

LinearStage::LinearStage(const Kernels& kernels, Activation activation, std::size_t offset, FeatureActivations& in,
                         FeatureActivations& out, bool input_gradient)
    : kernels_{kernels}, activation_{activation}, offset_{offset}, in_{in}, out_{out}, input_gradient_{input_gradient}
{
}

void LinearStage::take(std::span<const float> parameters)
{
    parameters_ = parameters;
    turned_.clear();
}

void LinearStage::forward(std::size_t samples)
{
    const std::size_t columns = padded(samples);
    Product product;
    product.rows = out_.features;
    product.columns = columns;
    product.a = parameters_.data() + offset_;
    product.a_row_stride = in_.features;
    product.segment_length = in_.features;
    product.b = in_.values.data();
    product.b_stride = columns;
    product.c = out_.values.data();
    product.c_stride = columns;
    product.start_of_row = parameters_.data() + offset_ + out_.features * in_.features;
    product.activation = activation_;
    kernels_.product(product);
}

void LinearStage::turn_parameters()
{
    const std::size_t columns = padded(out_.features);
    const float* const weights = parameters_.data() + offset_;
    const float* const biases = weights + out_.features * in_.features;
    turned_.resize((in_.features + 1) * columns);
    kernels_.transpose(weights, out_.features, in_.features, in_.features, turned_.data(), columns);
    std::copy_n(biases, out_.features, turned_.data() + in_.features * columns);
}

void LinearStage::evaluate(std::size_t samples)
{
    if (!in_.rows) {
        forward(samples);
        return;
    }
    if (turned_.empty()) turn_parameters();
    const std::size_t columns = padded(out_.features);
    outputs_.resize(std::max(outputs_.size(), samples * columns));
    Product product;
    product.rows = samples;
    product.columns = columns;
    product.a = in_.rows;
    product.a_row_stride = in_.features;
    product.segment_length = in_.features;
    product.b = turned_.data();
    product.b_stride = columns;
    product.c = outputs_.data();
    product.c_stride = columns;
    product.start_of_column = turned_.data() + in_.features * columns;
    product.activation = activation_;
    kernels_.product(product);
    kernels_.transpose(outputs_.data(), samples, out_.features, columns, out_.values.data(), padded(samples));
}

const float* LinearStage::rows_of_input(std::size_t samples)
{
    if (in_.rows) return in_.rows;
    rows_.resize(std::max(rows_.size(), samples * in_.features + lane_block));
    kernels_.transpose(in_.values.data(), in_.features, samples, padded(samples), rows_.data(), in_.features);
    return rows_.data();
}

void LinearStage::backward(std::size_t samples, std::span<float> gradient)
{
    const std::size_t columns = padded(samples);
    if (activation_ == Activation::relu)
        kernels_.mask_by_relu(out_.values.data(), out_.gradients.data(), out_.features * columns);

    float* const weights = gradient.data() + offset_;
    Product of_weights;
    of_weights.rows = out_.features;
    of_weights.columns = in_.features;
    of_weights.a = out_.gradients.data();
    of_weights.a_row_stride = columns;
    of_weights.segment_length = samples;
    of_weights.b = rows_of_input(samples);
    of_weights.b_stride = in_.features;
    of_weights.c = weights;
    of_weights.c_stride = in_.features;
    kernels_.product(of_weights);
    kernels_.row_sums(out_.gradients.data(), out_.features, columns, columns, weights + out_.features * in_.features);
    if (!input_gradient_) return;

    Product of_input;
    of_input.rows = in_.features;
    of_input.columns = columns;
    of_input.a = parameters_.data() + offset_;
    of_input.a_row_stride = in_.features;
    of_input.segment_length = out_.features;
    of_input.b = out_.gradients.data();
    of_input.b_stride = columns;
    of_input.c = in_.gradients.data();
    of_input.c_stride = columns;
    kernels_.transposed_product(of_input);
}

}  // namespace fedgram::learning::native
