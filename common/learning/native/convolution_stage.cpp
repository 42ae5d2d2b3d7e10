#include "common/learning/native/convolution_stage.hpp"

#include <algorithm>

namespace fedgram::learning::native {

ConvolutionStage::ConvolutionStage(const Kernels& kernels, const Bf16Kernels* bf16, const Geometry& geometry,
                                   std::size_t offset, ImageActivations& in, ImageActivations& out, bool input_gradient)
    : kernels_{kernels},
      bf16_{in.channels % 2 == 0 ? bf16 : nullptr},
      geometry_{geometry},
      offset_{offset},
      in_{in},
      out_{out},
      input_gradient_{input_gradient},
      run_{geometry.kernel * in.channels},
      run_stride_{padded(run_)},
      pieces_{pieces()},
      weights_by_window_(geometry.kernel * run_ * padded(geometry.channels)),
      weights_by_channel_(geometry.channels * geometry.kernel * run_stride_),
      biases_(padded(geometry.channels)),
      weight_gradients_(weights_by_channel_.size()),
      bias_gradients_(biases_.size()),
      sample_bias_gradients_(biases_.size())
{
    for (std::size_t i = 0; i < geometry.pooling; ++i)
        for (std::size_t j = 0; j < geometry.pooling; ++j)
            position_offsets_.push_back(
                static_cast<std::uint32_t>(geometry.stride * (i * in.row_stride + j * in.channels)));
    if (geometry.pooling > 1) rows_.resize(geometry.pooling * geometry.width * padded(geometry.channels));

    const std::size_t by_channel = geometry.channels * out.height * out.width;
    const std::size_t by_position = position_offsets_.size() * padded(geometry.channels);
    term_offsets_.resize(std::max(by_channel, by_position));
    term_values_.resize(term_offsets_.size());
    term_counts_.resize(std::max(geometry.channels, position_offsets_.size()));
}

std::vector<ConvolutionStage::Piece> ConvolutionStage::pieces() const
{
    const std::size_t registers = run_stride_ / kernels_.lanes;
    const std::size_t columns = (registers + kernels_.window_row_registers - 1) / kernels_.window_row_registers;
    const std::size_t widest = (registers + columns - 1) / columns;
    const std::size_t most_rows = std::clamp<std::size_t>(kernels_.window_registers / widest, 1, kernels_.window_rows);
    const std::size_t bands = (geometry_.kernel + most_rows - 1) / most_rows;
    std::vector<Piece> pieces;
    for (std::size_t band = 0; band < bands; ++band)
        for (std::size_t column = 0; column < columns; ++column) {
            const std::size_t row = geometry_.kernel * band / bands;
            const std::size_t first = registers * column / columns;
            pieces.push_back({kernels_.accumulate_window(geometry_.kernel * (band + 1) / bands - row,
                                                         registers * (column + 1) / columns - first),
                              row, first * kernels_.lanes});
        }
    return pieces;
}

void ConvolutionStage::reserve(std::size_t samples)
{
    if (geometry_.pooling > 1)
        winners_.resize(std::max(winners_.size(), samples * out_.height * out_.width * geometry_.channels));
}

void ConvolutionStage::take(std::span<const float> parameters)
{
    const std::size_t area = geometry_.kernel * geometry_.kernel;
    const std::size_t window = geometry_.kernel * run_;
    const float* const weights = parameters.data() + offset_;
    for (std::size_t channel = 0; channel < geometry_.channels; ++channel) {
        // [in][kernel x kernel] becomes [kernel][kernel x in], row by row of the window.
        float* const turned = weights_by_channel_.data() + channel * geometry_.kernel * run_stride_;
        for (std::size_t row = 0; row < geometry_.kernel; ++row)
            kernels_.transpose(weights + channel * window + row * geometry_.kernel, in_.channels, geometry_.kernel,
                               area, turned + row * run_stride_, in_.channels);
    }
    for (std::size_t row = 0; row < geometry_.kernel; ++row)
        kernels_.transpose(
            weights_by_channel_.data() + row * run_stride_, geometry_.channels, run_, geometry_.kernel * run_stride_,
            weights_by_window_.data() + row * run_ * padded(geometry_.channels), padded(geometry_.channels));
    std::copy_n(weights + geometry_.channels * window, geometry_.channels, biases_.begin());
    has_pairs_ = false;
}

void ConvolutionStage::pair_weights()
{
    const std::size_t columns = padded(geometry_.channels);
    weight_pairs_.resize(weights_by_window_.size() / 2);
    bf16_->pair_rows(weights_by_window_.data(), geometry_.kernel * run_, columns, columns, weight_pairs_.data(),
                     columns);
    has_pairs_ = true;
}

Product ConvolutionStage::row_product(std::size_t sample) const
{
    Product product;
    product.rows = geometry_.width;
    product.a = in_.values.data() + sample * in_.sample_stride;
    product.a_row_stride = geometry_.stride * in_.channels;
    product.segments = geometry_.kernel;
    product.segment_stride = in_.row_stride;
    product.segment_length = run_;
    product.b = weights_by_window_.data();
    product.b_stride = padded(geometry_.channels);
    product.start_of_column = biases_.data();
    return product;
}

template <class Multiply>
void ConvolutionStage::compute_sample(std::size_t sample, const Multiply& multiply)
{
    auto product = row_product(sample);
    const auto compute_rows = [&](std::size_t rows, float* to, std::size_t row_stride) {
        for (std::size_t i = 0; i < rows; ++i, product.a += geometry_.stride * in_.row_stride) {
            product.c = to + i * row_stride;
            multiply(product);
        }
    };
    float* const out = out_.values.data() + sample * out_.sample_stride + out_.corner;
    if (geometry_.pooling == 1) {
        product.columns = product.c_stride = geometry_.channels;
        product.activation = geometry_.activation;
        compute_rows(geometry_.height, out, out_.row_stride);
        return;
    }
    product.columns = product.c_stride = padded(geometry_.channels);
    const std::size_t row_stride = geometry_.width * product.c_stride;
    for (std::size_t row = 0; row < out_.height; ++row) {
        compute_rows(geometry_.pooling, rows_.data(), row_stride);
        kernels_.max_pool(rows_.data(), row_stride, geometry_.pooling, out_.width, geometry_.channels,
                          geometry_.activation, out + row * out_.row_stride,
                          winners_.data() + (sample * out_.height + row) * out_.width * geometry_.channels);
    }
}

void ConvolutionStage::forward(std::size_t samples)
{
    if (!bf16_) {
        evaluate(samples);
        return;
    }
    if (!has_pairs_) pair_weights();
    float* const pairs = room(input_pairs_, in_.sample_stride / 2);
    for (std::size_t sample = 0; sample < samples; ++sample) {
        const float* const input = in_.values.data() + sample * in_.sample_stride;
        bf16_->pair_neighbours(input, in_.sample_stride, pairs);
        compute_sample(sample,
                       PairedProduct{bf16_->product, input, pairs, weights_by_window_.data(), weight_pairs_.data()});
    }
}

void ConvolutionStage::evaluate(std::size_t samples)
{
    for (std::size_t sample = 0; sample < samples; ++sample) compute_sample(sample, kernels_.product);
}

OutputGradient ConvolutionStage::output_gradient(std::size_t sample, std::size_t row, std::size_t column) const
{
    const std::size_t at =
        sample * out_.sample_stride + out_.corner + row * out_.row_stride + column * geometry_.channels;
    OutputGradient pixel;
    pixel.channels = geometry_.channels;
    pixel.gradients = out_.gradients.data() + at;
    if (geometry_.activation == Activation::relu) pixel.outputs = out_.values.data() + at;
    if (geometry_.pooling > 1)
        pixel.winners = winners_.data() + ((sample * out_.height + row) * out_.width + column) * geometry_.channels;
    return pixel;
}

std::uint32_t ConvolutionStage::window_offset(std::size_t row, std::size_t column) const
{
    return static_cast<std::uint32_t>(geometry_.pooling * geometry_.stride *
                                      (row * in_.row_stride + column * in_.channels));
}

void ConvolutionStage::backward_weights(std::size_t sample)
{
    std::fill_n(term_counts_.begin(), geometry_.channels, 0U);
    std::fill(sample_bias_gradients_.begin(), sample_bias_gradients_.end(), 0.0F);
    const std::size_t capacity = out_.height * out_.width;
    const ChannelTerms terms{term_offsets_.data(), term_values_.data(), capacity, term_counts_.data(),
                             sample_bias_gradients_.data()};
    for (std::size_t row = 0; row < out_.height; ++row)
        for (std::size_t column = 0; column < out_.width; ++column)
            kernels_.channel_terms(output_gradient(sample, row, column), window_offset(row, column),
                                   position_offsets_.data(), terms);
    for (std::size_t channel = 0; channel < geometry_.channels; ++channel)
        bias_gradients_[channel] += sample_bias_gradients_[channel];

    const float* const input = in_.values.data() + sample * in_.sample_stride;
    for (std::size_t channel = 0; channel < geometry_.channels; ++channel) {
        const SparseTerms of_channel{term_offsets_.data() + channel * capacity,
                                     term_values_.data() + channel * capacity, term_counts_[channel]};
        float* const sum = weight_gradients_.data() + channel * geometry_.kernel * run_stride_;
        for (const auto& piece : pieces_)
            piece.accumulate(of_channel, input + piece.row * in_.row_stride + piece.column, in_.row_stride,
                             sum + piece.row * run_stride_ + piece.column, run_stride_);
    }
}

void ConvolutionStage::backward_input(std::size_t sample)
{
    float* const gradients = in_.gradients.data() + sample * in_.sample_stride;
    std::fill_n(gradients, in_.sample_stride, 0.0F);
    const std::size_t capacity = padded(geometry_.channels);
    for (std::size_t row = 0; row < out_.height; ++row)
        for (std::size_t column = 0; column < out_.width; ++column) {
            kernels_.position_terms(output_gradient(sample, row, column), position_offsets_.size(),
                                    static_cast<std::uint32_t>(geometry_.kernel * run_stride_), term_offsets_.data(),
                                    term_values_.data(), term_counts_.data());
            for (std::size_t position = 0; position < position_offsets_.size(); ++position) {
                const SparseTerms of_position{term_offsets_.data() + position * capacity,
                                              term_values_.data() + position * capacity, term_counts_[position]};
                if (of_position.count == 0) continue;
                float* const window = gradients + window_offset(row, column) + position_offsets_[position];
                for (const auto& piece : pieces_)
                    piece.accumulate(of_position, weights_by_channel_.data() + piece.row * run_stride_ + piece.column,
                                     run_stride_, window + piece.row * in_.row_stride + piece.column, in_.row_stride);
            }
        }
}

void ConvolutionStage::write_gradient(std::span<float> gradient) const
{
    const std::size_t area = geometry_.kernel * geometry_.kernel;
    const std::size_t window = geometry_.kernel * run_;
    float* const weights = gradient.data() + offset_;
    for (std::size_t channel = 0; channel < geometry_.channels; ++channel) {
        const float* const sums = weight_gradients_.data() + channel * geometry_.kernel * run_stride_;
        for (std::size_t row = 0; row < geometry_.kernel; ++row)
            kernels_.transpose(sums + row * run_stride_, geometry_.kernel, in_.channels, in_.channels,
                               weights + channel * window + row * geometry_.kernel, area);
    }
    std::copy_n(bias_gradients_.begin(), geometry_.channels, weights + geometry_.channels * window);
}

void ConvolutionStage::backward(std::size_t samples, std::span<float> gradient)
{
    std::fill(weight_gradients_.begin(), weight_gradients_.end(), 0.0F);
    std::fill(bias_gradients_.begin(), bias_gradients_.end(), 0.0F);
    for (std::size_t sample = 0; sample < samples; ++sample) {
        backward_weights(sample);
        if (input_gradient_) backward_input(sample);
    }
    write_gradient(gradient);
}

}  // namespace fedgram::learning::native
