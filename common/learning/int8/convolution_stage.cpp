#include "common/learning/int8/convolution_stage.hpp"

#include <utility>

namespace fedgram::learning::int8 {

ConvolutionStage::ConvolutionStage(const Kernels& kernels, PackedLayer layer, const Geometry& geometry,
                                   const CodeLayout& in, const CodeLayout& out)
    : kernels_{kernels}, layer_{std::move(layer)}, geometry_{geometry}, in_{in}, out_{out}
{
}

void ConvolutionStage::run(const StageInput& in, std::uint8_t* out, std::size_t samples) const
{
    Product product = layer_.product();
    product.row_stride = geometry_.stride * in_.row_stride();
    product.pixel_stride = geometry_.stride * in_.channels;
    product.segment_stride = in_.row_stride();
    product.rows = out_.height;
    product.pixels = out_.width;
    product.out_row_stride = out_.row_stride();
    product.out_pixel_stride = out_.channels;
    for (std::size_t sample = 0; sample < samples; ++sample) {
        product.codes = in.codes + sample * in_.sample_stride() + in_.corner(geometry_.padding);
        product.out = out + sample * out_.sample_stride() + out_.corner();
        geometry_.pooled ? kernels_.pooled_product(product) : kernels_.product(product);
    }
}

}  // namespace fedgram::learning::int8
