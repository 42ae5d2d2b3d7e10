#include "common/learning/native/winograd_convolution_stage.hpp"

#include <algorithm>

namespace fedgram::learning::native {

namespace {

// Enough for tall products, few enough for the second-level cache.
constexpr std::size_t tiles_at_once = 28;

std::size_t tiles_over(std::size_t pixels) { return (pixels + tile_side - 1) / tile_side; }

// The products of all places: c[tile][place][j] = the sum over k of a[tile][place][k] b[place][k][j].
void multiply(const Kernels& kernels, std::size_t tiles, const float* a, std::size_t depth, const float* b,
              std::size_t columns, float* c)
{
    Product product;
    product.rows = tiles;
    product.columns = columns;
    product.a_row_stride = patch_places * padded(depth);
    product.segment_length = depth;
    product.b_stride = padded(columns);
    product.c_stride = patch_places * padded(columns);
    for (std::size_t place = 0; place < patch_places; ++place) {
        product.a = a + place * padded(depth);
        product.b = b + place * depth * product.b_stride;
        product.c = c + place * padded(columns);
        kernels.product(product);
    }
}

}  // namespace

WinogradConvolutionStage::WinogradConvolutionStage(const Kernels& kernels, const Geometry& geometry, std::size_t offset,
                                                   ImageActivations& in, ImageActivations& out, bool input_gradient)
    : kernels_{kernels},
      geometry_{geometry},
      offset_{offset},
      in_{in},
      out_{out},
      input_gradient_{input_gradient},
      in_stride_{padded(in.channels)},
      out_stride_{padded(out.channels)},
      tile_rows_{tiles_over(out.height)},
      tiles_{tiles_over(out.width)},
      input_tile_rows_{tiles_over(in.height)},
      input_tiles_{tiles_over(in.width)},
      taps_(filter_taps * std::max(in.channels * out_stride_, out.channels * in_stride_)),
      filters_(patch_places * in.channels * out_stride_),
      filter_gradients_(filters_.size()),
      biases_(out_stride_),
      bias_gradients_(out_stride_)
{
    if (input_gradient) turned_filters_.resize(patch_places * out.channels * in_stride_);
}

void WinogradConvolutionStage::take(std::span<const float> parameters)
{
    parameters_ = parameters;
    const float* const weights = parameters.data() + offset_;
    const std::size_t window = in_.channels * filter_taps;
    kernels_.transpose(weights, out_.channels, window, window, taps_.data(), out_stride_);
    kernels_.winograd_filter(taps_.data(), static_cast<std::ptrdiff_t>(out_stride_), in_.channels, out_stride_,
                             filters_.data());
    if (geometry_.bias) std::copy_n(weights + out_.channels * window, out_.channels, biases_.data());
    turned_ = false;
}

void WinogradConvolutionStage::turn_filters()
{
    const float* const weights = parameters_.data() + offset_;
    for (std::size_t channel = 0; channel < out_.channels; ++channel)
        kernels_.transpose(weights + channel * in_.channels * filter_taps, in_.channels, filter_taps, filter_taps,
                           taps_.data() + channel * filter_taps * in_stride_, in_stride_);
    kernels_.winograd_filter(taps_.data() + (filter_taps - 1) * in_stride_, -static_cast<std::ptrdiff_t>(in_stride_),
                             out_.channels, in_stride_, turned_filters_.data());
    turned_ = true;
}

template <class Body>
void WinogradConvolutionStage::for_each_chunk(Part part, std::size_t tile_rows, std::size_t tiles,
                                              const Body& body) const
{
    const std::size_t at_once = std::max<std::size_t>(1, tiles_at_once / tiles);
    const std::size_t end = part.end() * tile_rows;
    for (std::size_t first = part.first * tile_rows; first < end; first += at_once)
        body(TileRows{first, std::min(at_once, end - first)});
}

template <class Body>
void WinogradConvolutionStage::for_each_row(TileRows rows, std::size_t tile_rows, std::size_t tiles, const Body& body)
{
    for (std::size_t i = 0; i < rows.count; ++i)
        body((rows.first + i) / tile_rows, (rows.first + i) % tile_rows, i * tiles);
}

void WinogradConvolutionStage::transform_input(TileRows rows)
{
    float* const to = room(inputs_, rows.count * tiles_ * patch_places * in_stride_);
    TileRow patches{.rows = in_.height + 2 * geometry_.padding,
                    .columns = in_.width + 2 * geometry_.padding,
                    .channels = in_.channels,
                    .row_stride = in_.row_stride,
                    .tiles = tiles_};
    for_each_row(rows, tile_rows_, tiles_, [&](std::size_t sample, std::size_t row, std::size_t before) {
        patches.row = static_cast<std::ptrdiff_t>(row * tile_side);
        kernels_.winograd_input(in_.values.data() + in_.place(sample), patches,
                                to + before * patch_places * in_stride_);
    });
}

void WinogradConvolutionStage::forward_part(Part part)
{
    for_each_chunk(part, tile_rows_, tiles_, [&](TileRows rows) {
        transform_input(rows);
        float* const outputs = room(outputs_, rows.count * tiles_ * patch_places * out_stride_);
        multiply(kernels_, rows.count * tiles_, inputs_.data(), in_.channels, filters_.data(), out_.channels, outputs);
        TileRow tiles{.rows = out_.height,
                      .columns = out_.width,
                      .channels = out_.channels,
                      .row_stride = out_.row_stride,
                      .tiles = tiles_};
        for_each_row(rows, tile_rows_, tiles_, [&](std::size_t sample, std::size_t row, std::size_t before) {
            tiles.row = static_cast<std::ptrdiff_t>(row * tile_side);
            kernels_.winograd_output(outputs + before * patch_places * out_stride_, biases_.data(), tiles,
                                     out_.values.data() + out_.first_pixel(sample));
        });
    });
}

StageByParts::GradientsTaken WinogradConvolutionStage::gradients_taken()
{
    constexpr std::size_t reach = filter_side - 1;
    return {&out_, geometry_.padding < reach ? reach - geometry_.padding : 0};
}

void WinogradConvolutionStage::begin_backward()
{
    std::fill(filter_gradients_.begin(), filter_gradients_.end(), 0.0F);
    std::fill(bias_gradients_.begin(), bias_gradients_.end(), 0.0F);
    if (input_gradient_ && !turned_) turn_filters();
}

void WinogradConvolutionStage::transform_gradient(TileRows rows)
{
    const ImageLayout& layout = out_.gradient_layout;
    float* const to = room(outputs_, rows.count * tiles_ * patch_places * out_stride_);
    TileRow tiles{.rows = out_.height,
                  .columns = out_.width,
                  .channels = out_.channels,
                  .row_stride = layout.row_stride,
                  .tiles = tiles_};
    for_each_row(rows, tile_rows_, tiles_, [&](std::size_t sample, std::size_t row, std::size_t before) {
        tiles.row = static_cast<std::ptrdiff_t>(row * tile_side);
        kernels_.winograd_gradient(out_.gradients.data() + layout.first_pixel(sample), tiles,
                                   to + before * patch_places * out_stride_);
    });
}

void WinogradConvolutionStage::backward_weights(TileRows rows)
{
    transform_input(rows);
    transform_gradient(rows);
    const std::size_t tiles = rows.count * tiles_;
    Product product;
    product.rows = in_.channels;
    product.columns = out_.channels;
    product.a_row_stride = patch_places * in_stride_;
    product.segment_length = tiles;
    product.b_stride = patch_places * out_stride_;
    product.c_stride = out_stride_;
    product.accumulate = true;
    for (std::size_t place = 0; place < patch_places; ++place) {
        product.a = inputs_.data() + place * in_stride_;
        product.b = outputs_.data() + place * out_stride_;
        product.c = filter_gradients_.data() + place * in_.channels * out_stride_;
        kernels_.transposed_product(product);
    }
    if (!geometry_.bias) return;
    // At the point (1, 1) a transformed tile is the sum of its gradients.
    for (std::size_t tile = 0; tile < tiles; ++tile)
        kernels_.add(bias_gradients_.data(), outputs_.data() + (tile * patch_places + patch_side + 1) * out_stride_,
                     Activation::none, out_.channels, bias_gradients_.data());
}

void WinogradConvolutionStage::backward_input(TileRows rows)
{
    const ImageLayout& layout = out_.gradient_layout;
    const auto zeros = static_cast<std::ptrdiff_t>(layout.kept > 0 ? layout.border : 0);  // on each side
    const auto row_stride = static_cast<std::ptrdiff_t>(layout.row_stride);
    const auto channels = static_cast<std::ptrdiff_t>(out_.channels);
    // The input's pixel (i, j) meets the gradients from (i + padding - 2, j + padding - 2) on.
    const auto shift =
        static_cast<std::ptrdiff_t>(geometry_.padding) - static_cast<std::ptrdiff_t>(filter_side - 1) + zeros;
    float* const patches_to = room(outputs_, rows.count * input_tiles_ * patch_places * out_stride_);
    float* const products = room(inputs_, rows.count * input_tiles_ * patch_places * in_stride_);
    TileRow patches{.rows = out_.height + 2 * static_cast<std::size_t>(zeros),
                    .columns = out_.width + 2 * static_cast<std::size_t>(zeros),
                    .channels = out_.channels,
                    .row_stride = layout.row_stride,
                    .column = shift,
                    .tiles = input_tiles_};
    for_each_row(rows, input_tile_rows_, input_tiles_, [&](std::size_t sample, std::size_t row, std::size_t before) {
        patches.row = static_cast<std::ptrdiff_t>(row * tile_side) + shift;
        kernels_.winograd_input(out_.gradients.data() + layout.first_pixel(sample) - zeros * (row_stride + channels),
                                patches, patches_to + before * patch_places * out_stride_);
    });
    multiply(kernels_, rows.count * input_tiles_, patches_to, out_.channels, turned_filters_.data(), in_.channels,
             products);
    TileRow tiles{.rows = in_.height,
                  .columns = in_.width,
                  .channels = in_.channels,
                  .row_stride = in_.gradient_layout.row_stride,
                  .tiles = input_tiles_};
    for_each_row(rows, input_tile_rows_, input_tiles_, [&](std::size_t sample, std::size_t row, std::size_t before) {
        tiles.row = static_cast<std::ptrdiff_t>(row * tile_side);
        kernels_.winograd_output(products + before * patch_places * in_stride_, nullptr, tiles,
                                 in_.gradients.data() + in_.gradient_layout.first_pixel(sample));
    });
}

void WinogradConvolutionStage::backward_part(Part part)
{
    for_each_chunk(part, tile_rows_, tiles_, [&](TileRows rows) { backward_weights(rows); });
    if (input_gradient_)
        for_each_chunk(part, input_tile_rows_, input_tiles_, [&](TileRows rows) { backward_input(rows); });
}

void WinogradConvolutionStage::finish_backward(std::span<float> gradient)
{
    float* const weights = gradient.data() + offset_;
    const std::size_t window = in_.channels * filter_taps;
    kernels_.winograd_filter_gradient(filter_gradients_.data(), in_.channels, out_stride_, taps_.data());
    kernels_.transpose(taps_.data(), window, out_.channels, out_stride_, weights, window);
    if (geometry_.bias) std::copy_n(bias_gradients_.begin(), out_.channels, weights + out_.channels * window);
}

}  // namespace fedgram::learning::native
