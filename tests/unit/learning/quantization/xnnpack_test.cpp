// Our int8 layers beside XNNPACK's, which TensorFlow Lite and PyTorch run on phones.

#include <xnnpack.h>

#include <cmath>
#include <cstdlib>
#include <memory>

#include <catch2/catch.hpp>

#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/random/stream.hpp"
#include "tests/unit/learning/quantization/code_agreement.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Codes = std::vector<std::uint8_t>;

struct Deleter {
    void operator()(xnn_operator_t op) const { xnn_delete_operator(op); }
};
using Operator = std::unique_ptr<xnn_operator, Deleter>;

void require(xnn_status status) { REQUIRE(status == xnn_status_success); }

Operator made(xnn_status status, xnn_operator_t op)
{
    require(status);
    return Operator{op};
}

// XNNPACK's activations are -128 to 127: ours less 128.
std::int8_t shifted(std::int32_t code) { return static_cast<std::int8_t>(code - 128); }

std::vector<std::int8_t> shifted(const Codes& codes)
{
    std::vector<std::int8_t> result;
    for (const auto code : codes) result.push_back(shifted(code));
    // It reads whole registers.
    result.resize(codes.size() + XNN_EXTRA_BYTES);
    return result;
}

Codes run(const Operator& op, std::span<const std::int8_t> output)
{
    require(xnn_run_operator(op.get(), nullptr));
    Codes codes;
    for (const auto code : output) codes.push_back(static_cast<std::uint8_t>(code + 128));
    return codes;
}

// From [channel][pixel] to [pixel][channel], or back with both counts exchanged.
template <class Value>
std::vector<Value> transposed(std::span<const Value> values, std::size_t rows, std::size_t columns)
{
    std::vector<Value> result(values.size());
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j) result[j * rows + i] = values[i * columns + j];
    return result;
}

Codes by_xnnpack(const OneLayer<spec::Conv2d>& layer, const Codes& input)
{
    const auto& [conv, codes, shape, out, has_relu] = layer;
    const auto channels = std::size_t{shape.channels};
    const auto window = std::size_t{conv.kernel} * conv.kernel;
    std::vector<std::int8_t> kernel;
    for (std::size_t filter = 0; filter < conv.channels; ++filter) {
        const auto weights = std::span{codes.weights}.subspan(filter * channels * window, channels * window);
        const auto turned = transposed(weights, channels, window);
        kernel.insert(kernel.end(), turned.begin(), turned.end());
    }
    xnn_operator_t op = nullptr;
    const auto status = xnn_create_convolution2d_nhwc_qc8(
        conv.padding, conv.padding, conv.padding, conv.padding, conv.kernel, conv.kernel, conv.stride, conv.stride, 1,
        1, 1, channels, conv.channels, channels, conv.channels, shifted(codes.input.zero_point), codes.input.scale,
        codes.weight_scales.data(), kernel.data(), codes.biases.data(), shifted(codes.output.zero_point),
        codes.output.scale, shifted(layer.lowest()), 127, 0, &op);
    const auto convolution = made(status, op);
    const auto images = shifted(transposed(std::span{input}, channels, std::size_t{shape.height} * shape.width));
    const auto pixels = static_cast<std::size_t>(out[1] * out[2]);
    std::vector<std::int8_t> output(conv.channels * pixels + XNN_EXTRA_BYTES);
    require(xnn_setup_convolution2d_nhwc_qc8(convolution.get(), 1, shape.height, shape.width, images.data(),
                                             output.data(), nullptr));
    const auto given = run(convolution, std::span{output}.first(conv.channels * pixels));
    return transposed(std::span{given}, pixels, conv.channels);
}

Codes by_xnnpack(const OneLayer<spec::Linear>& layer, const Codes& input)
{
    const auto& codes = layer.codes;
    const auto features = std::size_t{layer.kind.features};
    xnn_operator_t op = nullptr;
    const auto status = xnn_create_fully_connected_nc_qs8(
        input.size(), features, input.size(), features, shifted(codes.input.zero_point), codes.input.scale,
        codes.weight_scales.front(), codes.weights.data(), codes.biases.data(), shifted(codes.output.zero_point),
        codes.output.scale, shifted(layer.lowest()), 127, 0, &op);
    const auto product = made(status, op);
    const auto from = shifted(input);
    std::vector<std::int8_t> output(features + XNN_EXTRA_BYTES);
    require(xnn_setup_fully_connected_nc_qs8(product.get(), 1, from.data(), output.data(), nullptr));
    return run(product, std::span{output}.first(features));
}

// XNNPACK's sum of two tensors of codes.
Codes sum_by_xnnpack(const Addition& addition)
{
    const auto& [one, other, sum, a, b] = addition;
    xnn_operator_t op = nullptr;
    const auto status = xnn_create_add_nd_qs8(shifted(one.zero_point), one.scale, shifted(other.zero_point),
                                              other.scale, shifted(sum.zero_point), sum.scale, -128, 127, 0, &op);
    const auto adder = made(status, op);
    const std::size_t size = a.size();
    const auto from = shifted(a);
    const auto from_other = shifted(b);
    std::vector<std::int8_t> output(size + XNN_EXTRA_BYTES);
    require(
        xnn_setup_add_nd_qs8(adder.get(), 1, &size, 1, &size, from.data(), from_other.data(), output.data(), nullptr));
    return run(adder, std::span{output}.first(size));
}

}  // namespace

TEST_CASE("XNNPACK's convolutions and linear layers give the codes of ours", "[quantization]")
{
    require(xnn_initialize(nullptr));
    AgreementWith compare{[](const auto& layer, const Codes& input) { return by_xnnpack(layer, input); }};
    const auto agreement = compare();
    CAPTURE(agreement.codes, agreement.equal, agreement.farthest);
    CHECK(agreement.codes > 20'000);
    CHECK(agreement.farthest <= 1);
    CHECK(agreement.equal == agreement.codes);
}

TEST_CASE("XNNPACK's addition rounds halves up, and is ours within a code", "[quantization]")
{
    require(xnn_initialize(nullptr));
    CHECK(sum_by_xnnpack(addition_of_halves()) == rounded_up(addition_of_halves()));
    const auto agreement = agreement_of_additions(sum_by_xnnpack);
    CAPTURE(agreement.codes, agreement.equal, agreement.farthest);
    CHECK(agreement.farthest <= 1);
    CHECK(static_cast<double>(agreement.equal) > .999 * static_cast<double>(agreement.codes));
}
