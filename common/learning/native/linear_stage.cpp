#include "common/learning/native/linear_stage.hpp"

#include <algorithm>

namespace fedgram::learning::native {

namespace {

// Of rounded weights: they stay in the second-level cache, beside the other factor.
constexpr std::size_t pairs_at_once = 32'768;

// How many rows of so many pairs are rounded at a time.
std::size_t rows_at_once(std::size_t pairs) { return std::max<std::size_t>(lane_block, pairs_at_once / pairs); }

}  // namespace

LinearStage::LinearStage(const Kernels& kernels, const Bf16Kernels* bf16, Activation activation, std::size_t offset,
                         FeatureActivations& in, FeatureActivations& out, bool input_gradient)
    : kernels_{kernels},
      bf16_{bf16},
      activation_{activation},
      offset_{offset},
      in_{in},
      out_{out},
      input_gradient_{input_gradient}
{
}

void LinearStage::take(std::span<const float> parameters)
{
    parameters_ = parameters;
    turned_.clear();
}

Product LinearStage::forward_product(std::size_t samples) const
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
    return product;
}

void LinearStage::forward(std::size_t samples)
{
    if (bf16_)
        forward_in_bf16(samples);
    else
        kernels_.product(forward_product(samples));
}

void LinearStage::forward_in_bf16(std::size_t samples)
{
    auto product = forward_product(samples);
    const float* weights = product.a;
    const std::size_t pairs = pairs_of(in_.features);
    const std::size_t at_once = std::min(out_.features, rows_at_once(pairs));
    float* const weight_pairs = room(weight_pairs_, at_once * pairs);
    float* const inputs = room(pairs_, pairs * product.b_stride);
    bf16_->pair_rows(product.b, in_.features, product.columns, product.b_stride, inputs, product.b_stride);
    product.a = weight_pairs;
    product.a_row_stride = pairs;
    product.segment_length = pairs;
    product.b = inputs;
    for (std::size_t first = 0; first < out_.features; first += at_once) {
        product.rows = std::min(at_once, out_.features - first);
        for (std::size_t row = 0; row < product.rows; ++row, weights += in_.features)
            bf16_->pair_neighbours(weights, in_.features, weight_pairs + row * pairs);
        bf16_->product(product);
        product.c += product.rows * product.c_stride;
        product.start_of_row += product.rows;
    }
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
        kernels_.product(forward_product(samples));
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
    kernels_.row_sums(out_.gradients.data(), out_.features, columns, columns, weights + out_.features * in_.features);
    if (bf16_) {
        backward_in_bf16(samples, weights);
        return;
    }
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

void LinearStage::backward_in_bf16(std::size_t samples, float* weight_gradients)
{
    const std::size_t columns = padded(samples);
    const std::size_t sample_pairs = pairs_of(samples);
    float* const inputs = room(pairs_, sample_pairs * in_.features);
    bf16_->pair_rows(rows_of_input(samples), samples, in_.features, in_.features, inputs, in_.features);
    float* const gradients = room(gradient_pairs_, padded(out_.features) * columns);
    bf16_->pair_neighbours(out_.gradients.data(), out_.features * columns, gradients);
    Product of_weights;
    of_weights.rows = out_.features;
    of_weights.columns = in_.features;
    of_weights.a = gradients;
    of_weights.a_row_stride = columns / 2;
    of_weights.segment_length = sample_pairs;
    of_weights.b = inputs;
    of_weights.b_stride = in_.features;
    of_weights.c = weight_gradients;
    of_weights.c_stride = in_.features;
    bf16_->product(of_weights);
    if (!input_gradient_) return;

    const std::size_t out_pairs = pairs_of(out_.features);
    const std::size_t at_once = std::min(in_.features, rows_at_once(out_pairs));
    float* const weight_pairs = room(weight_pairs_, at_once * out_pairs);
    bf16_->pair_rows(out_.gradients.data(), out_.features, columns, columns, gradients, columns);
    Product of_input;
    of_input.columns = columns;
    of_input.a = weight_pairs;
    of_input.segment_length = out_pairs;
    of_input.b = gradients;
    of_input.b_stride = columns;
    of_input.c = in_.gradients.data();
    of_input.c_stride = columns;
    for (std::size_t first = 0; first < in_.features; first += at_once) {
        of_input.rows = of_input.a_row_stride = std::min(at_once, in_.features - first);
        bf16_->pair_rows(parameters_.data() + offset_ + first, out_.features, of_input.rows, in_.features, weight_pairs,
                         of_input.rows);
        bf16_->transposed_product(of_input);
        of_input.c += of_input.rows * columns;
    }
}

}  // namespace fedgram::learning::native
