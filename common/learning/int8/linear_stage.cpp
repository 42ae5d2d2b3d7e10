#include "common/learning/int8/linear_stage.hpp"

#include <utility>

namespace fedgram::learning::int8 {

LinearStage::LinearStage(const Kernels& kernels, PackedLayer layer, const CodeLayout& in, const CodeLayout& out)
    : kernels_{kernels}, layer_{std::move(layer)}, in_{in}, out_{out}
{
}

void LinearStage::run(const StageInput& in, std::uint8_t* out, std::size_t samples) const
{
    Product product = layer_.product();
    product.codes = in.codes;
    product.pixel_stride = in_.sample_stride();
    product.out = out;
    product.rows = 1;
    product.pixels = samples;
    product.out_pixel_stride = out_.sample_stride();
    kernels_.product(product);
}

}  // namespace fedgram::learning::int8
