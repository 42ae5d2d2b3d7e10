// Our int8 layers beside those of LibTorch's QNNPACK engine, which PyTorch runs on phones.

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/torch.h>

#include <catch2/catch.hpp>

#include "tests/unit/learning/quantization/code_agreement.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Codes = std::vector<std::uint8_t>;

// Calls an operator that has no function of its own in LibTorch's headers.
c10::IValue called(const char* name, const char* overload, std::vector<c10::IValue> stack)
{
    c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).callBoxed(stack);
    return stack.front();
}

// PyTorch keeps biases in float32, and rounds them to the same units itself.
at::Tensor biases(const QuantizedLayer& codes)
{
    auto tensor = at::empty({static_cast<std::int64_t>(codes.biases.size())});
    for (std::size_t i = 0; i < codes.biases.size(); ++i)
        tensor[static_cast<std::int64_t>(i)] = static_cast<double>(codes.biases[i]) * codes.input.scale *
                                               codes.weight_scales[codes.weight_scales.size() == 1 ? 0 : i];
    return tensor;
}

at::Tensor activations(const Codes& codes, const Quantizer& quantizer, at::IntArrayRef shape)
{
    const auto tensor = at::tensor(at::ArrayRef<std::uint8_t>{codes}, at::kByte).reshape(shape);
    return at::_make_per_tensor_quantized_tensor(tensor, quantizer.scale, quantizer.zero_point);
}

at::Tensor weights(const QuantizedLayer& codes, at::IntArrayRef shape)
{
    const auto tensor = at::tensor(at::ArrayRef<std::int8_t>{codes.weights}, at::kChar).reshape(shape);
    if (codes.weight_scales.size() == 1)
        return at::_make_per_tensor_quantized_tensor(tensor, codes.weight_scales.front(), 0);
    const auto scales = at::tensor(at::ArrayRef<float>{codes.weight_scales}, at::kFloat);
    return at::_make_per_channel_quantized_tensor(tensor, scales, at::zeros(scales.sizes(), at::kInt), 0);
}

Codes codes_of(const c10::IValue& result)
{
    const auto tensor = result.toTensor().int_repr().contiguous();
    const auto* const begin = tensor.data_ptr<std::uint8_t>();
    return {begin, begin + tensor.numel()};
}

c10::List<std::int64_t> both(std::int64_t value) { return {value, value}; }

Codes by_qnnpack(const OneLayer<spec::Conv2d>& layer, const Codes& input)
{
    const auto& [conv, codes, shape, out, has_relu] = layer;
    const auto packed = called("quantized::conv2d_prepack", "",
                               {weights(codes, {conv.channels, shape.channels, conv.kernel, conv.kernel}),
                                biases(codes), both(conv.stride), both(conv.padding), both(1), 1});
    return codes_of(called(has_relu ? "quantized::conv2d_relu" : "quantized::conv2d", "new",
                           {activations(input, codes.input, {1, shape.channels, shape.height, shape.width}), packed,
                            codes.output.scale, codes.output.zero_point}));
}

Codes by_qnnpack(const OneLayer<spec::Linear>& layer, const Codes& input)
{
    const auto& codes = layer.codes;
    const auto features = static_cast<std::int64_t>(input.size());
    const auto packed =
        called("quantized::linear_prepack", "", {weights(codes, {layer.kind.features, features}), biases(codes)});
    return codes_of(
        called(layer.has_relu ? "quantized::linear_relu" : "quantized::linear", "",
               {activations(input, codes.input, {1, features}), packed, codes.output.scale, codes.output.zero_point}));
}

Codes sum_by_qnnpack(const Addition& addition)
{
    const auto& [one, other, sum, a, b] = addition;
    const auto size = static_cast<std::int64_t>(a.size());
    return codes_of(
        called("quantized::add", "",
               {activations(a, one, {1, size}), activations(b, other, {1, size}), sum.scale, sum.zero_point}));
}

}  // namespace

TEST_CASE("QNNPACK's convolutions and linear layers give the codes of ours", "[quantization]")
{
    at::globalContext().setQEngine(at::QEngine::QNNPACK);
    AgreementWith compare{[](const auto& layer, const Codes& input) { return by_qnnpack(layer, input); }};
    const auto agreement = compare();
    CAPTURE(agreement.codes, agreement.equal, agreement.farthest);
    CHECK(agreement.codes > 20'000);
    CHECK(agreement.farthest <= 1);
    CHECK(agreement.equal == agreement.codes);
}

TEST_CASE("QNNPACK's addition rounds halves up, and is ours within a code", "[quantization]")
{
    at::globalContext().setQEngine(at::QEngine::QNNPACK);
    CHECK(sum_by_qnnpack(addition_of_halves()) == rounded_up(addition_of_halves()));
    const auto agreement = agreement_of_additions(sum_by_qnnpack);
    CAPTURE(agreement.codes, agreement.equal, agreement.farthest);
    CHECK(agreement.farthest <= 1);
    CHECK(static_cast<double>(agreement.equal) > .999 * static_cast<double>(agreement.codes));
}
