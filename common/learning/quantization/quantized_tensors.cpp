#include "common/learning/quantization/quantized_tensors.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/quantization/fused_layers.hpp"
#include "common/learning/quantization/requantization.hpp"
#include "common/learning/quantization/tensor_bytes.hpp"

namespace fedgram::learning {

namespace {

constexpr std::size_t quantizer_size = sizeof(float) + sizeof(std::uint8_t);
constexpr std::string_view quantizer_word = "quantizer";
constexpr std::string_view bias_word = "int32";

EncodedTensor encoded(std::string name, const Quantizer& quantizer)
{
    EncodedTensor tensor{std::move(name), std::string{quantizer_word}, {}};
    append_numbers<float>(tensor.bytes, {{quantizer.scale}});
    append_numbers<std::uint8_t>(tensor.bytes, {{static_cast<std::uint8_t>(quantizer.zero_point)}});
    return tensor;
}

FloatEncoding weight_encoding(std::size_t scales)
{
    return scales == 1 ? FloatEncoding::int8 : FloatEncoding::int8_per_channel;
}

// Hands out tensors in the order of `encode_quantized`.
class Reader {
public:
    explicit Reader(std::span<const EncodedTensor> tensors) : tensors_{tensors} {}

    const EncodedTensor& next(const std::string& name)
    {
        if (place_ == tensors_.size()) throw DataError{name + ": is missing"};
        const auto& tensor = tensors_[place_++];
        if (tensor.name != name) throw DataError{tensor.name + ": stands where " + name + " must"};
        return tensor;
    }

    Quantizer quantizer(const std::string& name)
    {
        const auto& tensor = next(name);
        require(tensor, quantizer_word);
        TensorBytes bytes{tensor, quantizer_size};
        Quantizer quantizer;
        quantizer.scale = bytes.scales(1).front();
        quantizer.zero_point = bytes.numbers<std::uint8_t>(1).front();
        return quantizer;
    }

    std::vector<std::int32_t> biases(const std::string& name, std::size_t count)
    {
        const auto& tensor = next(name);
        require(tensor, bias_word);
        return TensorBytes{tensor, count * sizeof(std::int32_t)}.numbers<std::int32_t>(count);
    }

    void read_weights(const std::string& name, std::size_t count, std::size_t channels, QuantizedLayer& layer)
    {
        const auto& tensor = next(name);
        const bool is_per_channel = tensor.encoding == word_of(FloatEncoding::int8_per_channel);
        if (!is_per_channel && tensor.encoding != word_of(FloatEncoding::int8))
            refuse_encoding(tensor, "int8 or int8-per-channel");
        const std::size_t scales = is_per_channel ? channels : 1;
        TensorBytes bytes{tensor, scales * sizeof(float) + count};
        layer.weight_scales = bytes.scales(scales);
        layer.weights = bytes.weight_codes(count);
    }

    void finish() const
    {
        if (place_ != tensors_.size()) throw DataError{tensors_[place_].name + ": stands behind the last tensor"};
    }

private:
    static void require(const EncodedTensor& tensor, std::string_view word)
    {
        if (tensor.encoding != word) refuse_encoding(tensor, word);
    }

    [[noreturn]] static void refuse_encoding(const EncodedTensor& tensor, std::string_view words)
    {
        throw DataError{tensor.name + ": is encoded as \"" + tensor.encoding + "\"; it must be " + std::string{words}};
    }

    std::span<const EncodedTensor> tensors_;
    std::size_t place_ = 0;
};

}  // namespace

QuantizedBytes bytes_of(const QuantizedModel& model)
{
    QuantizedBytes bytes;
    bytes.quantizers = quantizer_size * (1 + model.layers.size() + model.additions.size());
    for (const auto& layer : model.layers) {
        bytes.weights += layer.weights.size();
        bytes.scales += sizeof(float) * layer.weight_scales.size();
        bytes.biases += sizeof(std::int32_t) * layer.biases.size();
    }
    return bytes;
}

std::vector<EncodedTensor> encode_quantized(const QuantizedModel& model)
{
    const auto all = all_layers(model.model);
    auto layer = model.layers.begin();
    auto addition = model.additions.begin();
    std::vector<EncodedTensor> tensors{encoded("input", layer->input)};
    for (const auto& step : fused_layers(model.model)) {
        const auto& name = all[step.layer]->name;
        if (step.is_addition()) {
            tensors.push_back(encoded(name + ".output", *addition++));
            continue;
        }
        EncodedTensor weight{name + ".weight", std::string{word_of(weight_encoding(layer->weight_scales.size()))}, {}};
        append_numbers<float>(weight.bytes, layer->weight_scales);
        append_numbers<std::int8_t>(weight.bytes, layer->weights);
        tensors.push_back(std::move(weight));
        EncodedTensor bias{name + ".bias", std::string{bias_word}, {}};
        append_numbers<std::int32_t>(bias.bytes, layer->biases);
        tensors.push_back(std::move(bias));
        tensors.push_back(encoded(name + ".output", layer->output));
        ++layer;
    }
    return tensors;
}

QuantizedModel decode_quantized(const Model& model, std::span<const EncodedTensor> tensors)
{
    QuantizedModel result{.model = model, .layers = {}};
    const auto all = all_layers(model);
    Reader reader{tensors};
    std::vector<Quantizer> points{reader.quantizer("input")};
    for (const auto& step : fused_layers(model)) {
        const auto& name = all[step.layer]->name;
        std::optional<std::string> reason;
        if (step.is_addition()) {
            points.push_back(reader.quantizer(name + ".output"));
            reason = inexactness(points[step.input], points[step.shortcut], points.back());
            result.additions.push_back(points.back());
        } else {
            const auto& weight = model.parameters.slots[*step.weight];
            const std::size_t channels = channels_of(model, step);
            QuantizedLayer layer;
            layer.input = points[step.input];
            reader.read_weights(name + ".weight", weight.size, channels, layer);
            layer.biases = reader.biases(name + ".bias", channels);
            layer.output = reader.quantizer(name + ".output");
            points.push_back(layer.output);
            reason = inexactness(layer);
            result.layers.push_back(std::move(layer));
        }
        if (reason) throw DataError{name + ": " + *reason};
    }
    reader.finish();
    return result;
}

}  // namespace fedgram::learning
