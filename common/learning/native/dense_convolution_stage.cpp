#include "common/learning/native/dense_convolution_stage.hpp"

#include <algorithm>

namespace fedgram::learning::native {

namespace {

// The product over the pixels of a few small images is one, so that its tiles are tall.
constexpr std::size_t pixels_at_once = 256;

}  // namespace

DenseConvolutionStage::DenseConvolutionStage(const Kernels& kernels, const Bf16Kernels* bf16, const Geometry& geometry,
                                             std::size_t offset, ImageActivations& in, ImageActivations& out,
                                             bool input_gradient)
    : kernels_{kernels},
      bf16_{in.channels / geometry.groups % 2 == 0 && out.channels / geometry.groups % 2 == 0 ? bf16 : nullptr},
      geometry_{geometry},
      offset_{offset},
      in_{in},
      out_{out},
      input_gradient_{input_gradient},
      group_in_{in.channels / geometry.groups},
      group_out_{out.channels / geometry.groups},
      run_{geometry.kernel * group_in_},
      run_stride_{padded(run_)},
      window_size_{geometry.kernel * run_ * padded(group_out_)},
      flat_{geometry.kernel == 1 && geometry.stride == 1 && in.corner == 0 && out.corner == 0},
      rows_{geometry.kernel, geometry.stride, geometry.padding, in.height, out.height},
      columns_{geometry.kernel, geometry.stride, geometry.padding, in.width, out.width},
      padded_gradient_{rows_, columns_, out},
      weights_by_window_(geometry.groups * window_size_),
      weights_by_channel_(out.channels * geometry.kernel * run_stride_),
      biases_(geometry.groups * padded(group_out_)),
      weight_gradients_(weights_by_window_.size()),
      gradient_row_(padded(out.width * out.channels) + lane_block)
{
    if (input_gradient)
        weights_by_phase_.resize(geometry.groups * geometry.kernel * geometry.kernel * group_out_ * padded(group_in_));
}

void DenseConvolutionStage::take(std::span<const float> parameters)
{
    const std::size_t kernel = geometry_.kernel;
    const std::size_t window = kernel * run_;
    const float* const weights = parameters.data() + offset_;
    for (std::size_t channel = 0; channel < out_.channels; ++channel)
        for (std::size_t row = 0; row < kernel; ++row)
            kernels_.transpose(weights + channel * window + row * kernel, group_in_, kernel, kernel * kernel,
                               weights_by_channel_.data() + (channel * kernel + row) * run_stride_, group_in_);
    const std::size_t columns = padded(group_out_);
    for (std::size_t group = 0; group < geometry_.groups; ++group) {
        for (std::size_t row = 0; row < kernel; ++row)
            kernels_.transpose(weights_by_channel_.data() + (group * group_out_ * kernel + row) * run_stride_,
                               group_out_, run_, kernel * run_stride_,
                               weights_by_window_.data() + group * window_size_ + row * run_ * columns, columns);
        if (geometry_.bias)
            std::copy_n(weights + out_.channels * window + group * group_out_, group_out_,
                        biases_.data() + group * columns);
    }
    turned_ = has_pairs_ = false;
}

Product DenseConvolutionStage::forward_product(std::size_t group) const
{
    Product product;
    product.columns = group_out_;
    product.a_row_stride = geometry_.stride * in_.channels;
    product.b = weights_by_window_.data() + group * window_size_;
    product.b_stride = padded(group_out_);
    product.c_stride = out_.channels;
    product.start_of_column = biases_.data() + group * padded(group_out_);
    return product;
}

template <class Multiply>
void DenseConvolutionStage::compute_part(Part part, const Multiply& multiply)
{
    for (std::size_t group = 0; group < geometry_.groups; ++group) {
        auto product = forward_product(group);
        if (flat_) {
            product.rows = part.count * out_.height * out_.width;
            product.a = in_.values.data() + in_.place(part.first) + group * group_in_;
            product.segment_length = group_in_;
            product.c = out_.values.data() + part.first * out_.sample_stride + group * group_out_;
            multiply(product);
            continue;
        }
        product.rows = out_.width;
        for (std::size_t sample = part.first; sample < part.end(); ++sample)
            for (std::size_t row = 0; row < out_.height; ++row) {
                product.a =
                    in_.values.data() + in_.place(sample) + row * geometry_.stride * in_.row_stride + group * group_in_;
                product.c = out_.values.data() + out_.first_pixel(sample) + row * out_.row_stride + group * group_out_;
                if (geometry_.groups == 1) {
                    product.segments = geometry_.kernel;
                    product.segment_stride = in_.row_stride;
                    product.segment_length = run_;
                    multiply(product);
                    continue;
                }
                // A row of the window is a run of each of its pixels' channels of the group.
                auto window_row = product;
                window_row.segments = geometry_.kernel;
                window_row.segment_stride = in_.channels;
                window_row.segment_length = group_in_;
                for (std::size_t i = 0; i < geometry_.kernel; ++i) {
                    multiply(window_row);
                    window_row.accumulate = true;
                    window_row.a += in_.row_stride;
                    window_row.b += run_ * window_row.b_stride;
                }
            }
    }
}

void DenseConvolutionStage::forward_part(Part part)
{
    if (!bf16_) {
        evaluate_part(part);
        return;
    }
    if (!has_pairs_) {
        const std::size_t columns = padded(group_out_);
        bf16_->pair_rows(weights_by_window_.data(), weights_by_window_.size() / columns, columns, columns,
                         room(window_pairs_, weights_by_window_.size() / 2), columns);
        has_pairs_ = true;
    }
    const float* const images = in_.values.data() + in_.place(part.first);
    const std::size_t floats = part.count * in_.sample_stride;
    float* const pairs = room(input_pairs_, floats / 2);
    bf16_->pair_neighbours(images, floats, pairs);
    compute_part(part, PairedProduct{bf16_->product, images, pairs, weights_by_window_.data(), window_pairs_.data()});
}

void DenseConvolutionStage::evaluate_part(Part part) { compute_part(part, kernels_.product); }

void DenseConvolutionStage::pair_pixels(Part part)
{
    const float* const images = in_.values.data() + in_.place(part.first);
    const ImageLayout& layout = out_.gradient_layout;
    const float* const gradients = out_.gradients.data() + layout.first_pixel(part.first);
    if (flat_) {
        const std::size_t pixels = part.count * out_.height * out_.width;
        bf16_->pair_rows(images, pixels, in_.channels, in_.channels,
                         room(input_pairs_, pairs_of(pixels) * in_.channels), in_.channels);
        bf16_->pair_rows(gradients, pixels, out_.channels, out_.channels,
                         room(gradient_pairs_, pairs_of(pixels) * out_.channels), out_.channels);
        return;
    }
    // Each number with the one that the next pixel's window has in its place.
    const std::size_t distance = std::min(geometry_.stride * in_.channels, in_.sample_stride);
    float* const image_pairs = room(input_pairs_, in_.sample_stride);
    bf16_->pair_rows(images, 2, in_.sample_stride - distance, distance, image_pairs, 0);
    bf16_->pair_rows(images + in_.sample_stride - distance, 1, distance, 0, image_pairs + in_.sample_stride - distance,
                     0);
    const std::size_t row_size = pairs_of(out_.width) * out_.channels;
    float* const gradient_pairs = room(gradient_pairs_, out_.height * row_size);
    for (std::size_t row = 0; row < out_.height; ++row)
        bf16_->pair_rows(gradients + row * layout.row_stride, out_.width, out_.channels, out_.channels,
                         gradient_pairs + row * row_size, out_.channels);
}

void DenseConvolutionStage::backward_weights(Part part)
{
    Product product;
    product.columns = group_out_;
    product.a_row_stride = geometry_.stride * in_.channels;
    product.b_stride = out_.channels;
    product.c_stride = padded(group_out_);
    product.accumulate = true;
    if (flat_) {
        product.segment_length = part.count * out_.height * out_.width;
    } else {
        product.segments = out_.height;
        product.segment_stride = geometry_.stride * in_.row_stride;
        product.segment_length = out_.width;
        product.b_segment_gap = out_.gradient_layout.row_stride - out_.width * out_.channels;
    }
    const float* images = in_.values.data() + in_.place(part.first);
    const float* gradients = out_.gradients.data() + out_.gradient_layout.first_pixel(part.first);
    if (bf16_) {
        pair_pixels(part);
        images = input_pairs_.data();
        gradients = gradient_pairs_.data();
        product.segment_length = pairs_of(product.segment_length);
        product.b_segment_gap = 0;
        if (!flat_) product.a_row_stride *= 2;
    }
    const auto multiply = bf16_ ? bf16_->transposed_product : kernels_.transposed_product;
    // With one group a whole row of the window is a run; else each of its pixels is.
    const std::size_t runs = geometry_.groups == 1 ? 1 : geometry_.kernel;
    product.rows = run_ / runs;
    for (std::size_t group = 0; group < geometry_.groups; ++group)
        for (std::size_t row = 0; row < geometry_.kernel; ++row)
            for (std::size_t run = 0; run < runs; ++run) {
                product.a = images + row * in_.row_stride + run * in_.channels + group * group_in_;
                product.b = gradients + group * group_out_;
                product.c =
                    weight_gradients_.data() + group * window_size_ + (row * run_ + run * group_in_) * product.c_stride;
                multiply(product);
            }
}

void DenseConvolutionStage::sum_biases(Part part)
{
    const std::size_t row_size = out_.width * out_.channels;
    const ImageLayout& layout = out_.gradient_layout;
    for (std::size_t sample = part.first; sample < part.end(); ++sample)
        for (std::size_t row = 0; row < out_.height; ++row)
            kernels_.add(gradient_row_.data(),
                         out_.gradients.data() + layout.first_pixel(sample) + row * layout.row_stride, Activation::none,
                         row_size, gradient_row_.data());
}

void DenseConvolutionStage::turn_weights()
{
    float* to = weights_by_phase_.data();
    for (std::size_t group = 0; group < geometry_.groups; ++group)
        for (const auto& row : rows_.phases)
            for (const auto& column : columns_.phases)
                for (const auto i : row.places)
                    for (const auto j : column.places)
                        for (std::size_t channel = 0; channel < group_out_; ++channel) {
                            std::copy_n(weights_by_channel_.data() +
                                            ((group * group_out_ + channel) * geometry_.kernel + i) * run_stride_ +
                                            j * group_in_,
                                        group_in_, to);
                            to += padded(group_in_);
                        }
    turned_ = true;
}

template <class Multiply>
void DenseConvolutionStage::backward_input(std::size_t sample, const Multiply& multiply)
{
    const ImageLayout& layout = in_.gradient_layout;
    float* const gradients = in_.gradients.data() + layout.place(sample);
    // Phases that meet no place of the kernel have no gradient.
    if (geometry_.kernel < geometry_.stride) std::fill_n(gradients, layout.sample_stride, 0.0F);
    Product product;
    product.columns = group_in_;
    product.a_row_stride = out_.channels;
    product.b = weights_by_phase_.data();
    product.b_stride = padded(group_in_);
    product.c_stride = geometry_.stride * in_.channels;
    for (std::size_t group = 0; group < geometry_.groups; ++group)
        for (const auto& row : rows_.phases)
            for (const auto& column : columns_.phases) {
                if (row.places.empty() || column.places.empty()) continue;
                const float* const window = padded_gradient_.window(row, column) + group * group_out_;
                const std::size_t run = column.places.size() * group_out_;
                product.rows = column.count;
                for (std::size_t y = 0; y < row.count; ++y) {
                    product.a = window + y * padded_gradient_.row_stride();
                    product.c = gradients + layout.corner + (row.phase + y * geometry_.stride) * layout.row_stride +
                                column.phase * in_.channels + group * group_in_;
                    if (geometry_.groups == 1) {
                        product.segments = row.places.size();
                        product.segment_stride = padded_gradient_.row_stride();
                        product.segment_length = run;
                        multiply(product);
                        continue;
                    }
                    auto window_row = product;
                    window_row.segments = column.places.size();
                    window_row.segment_stride = out_.channels;
                    window_row.segment_length = group_out_;
                    for (std::size_t i = 0; i < row.places.size(); ++i) {
                        multiply(window_row);
                        window_row.accumulate = true;
                        window_row.a += padded_gradient_.row_stride();
                        window_row.b += run * window_row.b_stride;
                    }
                }
                product.b += row.places.size() * run * product.b_stride;
            }
}

template <class Multiply>
void DenseConvolutionStage::backward_flat_input(Part part, const Multiply& multiply)
{
    for (std::size_t group = 0; group < geometry_.groups; ++group) {
        Product product;
        product.rows = part.count * in_.height * in_.width;
        product.columns = group_in_;
        product.a = out_.gradients.data() + out_.gradient_layout.place(part.first) + group * group_out_;
        product.a_row_stride = out_.channels;
        product.segment_length = group_out_;
        product.b_stride = padded(group_in_);
        product.b = weights_by_phase_.data() + group * group_out_ * product.b_stride;
        product.c = in_.gradients.data() + in_.gradient_layout.place(part.first) + group * group_in_;
        product.c_stride = in_.channels;
        multiply(product);
    }
}

void DenseConvolutionStage::backward_input(Part part)
{
    if (flat_) {
        backward_flat_input(part, kernels_.product);
        return;
    }
    for (std::size_t sample = part.first; sample < part.end(); ++sample) {
        padded_gradient_.take(sample);
        backward_input(sample, kernels_.product);
    }
}

void DenseConvolutionStage::backward_input_in_bf16(Part part)
{
    const auto by_pairs_of = [&](std::span<const float> gradients) {
        float* const pairs = room(gradient_pairs_, gradients.size() / 2);
        bf16_->pair_neighbours(gradients.data(), gradients.size(), pairs);
        return PairedProduct{bf16_->product, gradients.data(), pairs, weights_by_phase_.data(), phase_pairs_.data()};
    };
    if (flat_) {
        backward_flat_input(part, by_pairs_of(out_.gradients.subspan(out_.gradient_layout.place(part.first),
                                                                     part.count * out_.gradient_layout.sample_stride)));
        return;
    }
    for (std::size_t sample = part.first; sample < part.end(); ++sample) {
        padded_gradient_.take(sample);
        backward_input(sample, by_pairs_of(padded_gradient_.reach()));
    }
}

void DenseConvolutionStage::write_gradient(std::span<float> gradient)
{
    const std::size_t kernel = geometry_.kernel;
    const std::size_t window = kernel * run_;
    const std::size_t columns = padded(group_out_);
    float* const weights = gradient.data() + offset_;
    AlignedFloats& turned = weights_by_channel_;  // which is made anew from the parameters that the gradient leads to
    for (std::size_t group = 0; group < geometry_.groups; ++group)
        for (std::size_t row = 0; row < kernel; ++row)
            kernels_.transpose(weight_gradients_.data() + group * window_size_ + row * run_ * columns, run_, group_out_,
                               columns, turned.data() + (group * group_out_ * kernel + row) * run_stride_,
                               kernel * run_stride_);
    for (std::size_t channel = 0; channel < out_.channels; ++channel)
        for (std::size_t row = 0; row < kernel; ++row)
            kernels_.transpose(turned.data() + (channel * kernel + row) * run_stride_, kernel, group_in_, group_in_,
                               weights + channel * window + row * kernel, kernel * kernel);
    if (!geometry_.bias) return;
    for (std::size_t column = 1; column < out_.width; ++column)
        kernels_.add(gradient_row_.data(), gradient_row_.data() + column * out_.channels, Activation::none,
                     out_.channels, gradient_row_.data());
    std::copy_n(gradient_row_.begin(), out_.channels, weights + out_.channels * window);
}

void DenseConvolutionStage::begin_backward()
{
    std::fill(weight_gradients_.begin(), weight_gradients_.end(), 0.0F);
    std::fill(gradient_row_.begin(), gradient_row_.end(), 0.0F);
    if (!input_gradient_ || turned_) return;
    turn_weights();
    if (!bf16_) return;
    const std::size_t columns = padded(group_in_);
    bf16_->pair_rows(weights_by_phase_.data(), weights_by_phase_.size() / columns, columns, columns,
                     room(phase_pairs_, weights_by_phase_.size() / 2), columns);
}

void DenseConvolutionStage::backward_part(Part part)
{
    const std::size_t at_once =
        flat_ ? std::max<std::size_t>(1, pixels_at_once / (out_.height * out_.width)) : std::size_t{1};
    for (std::size_t first = part.first; first < part.end(); first += at_once)
        backward_weights({first, std::min(at_once, part.end() - first)});
    if (geometry_.bias) sum_biases(part);
    if (!input_gradient_) return;
    if (bf16_)
        backward_input_in_bf16(part);
    else
        backward_input(part);
}

void DenseConvolutionStage::finish_backward(std::span<float> gradient) { write_gradient(gradient); }

}  // namespace fedgram::learning::native
