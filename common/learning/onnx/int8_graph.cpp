// A model in int8 as a graph of ONNX. Between layers are codes, uint8. A layer with weights is DequantizeLinear of
// codes, weights and biases, the float operator, and QuantizeLinear: runtimes put an integer operator in place of all
// of them. The largest of codes is the code of the largest, and flattening moves them, so MaxPool and Flatten take
// codes as they are.
#include <algorithm>
#include <cassert>
#include <string>
#include <variant>
#include <vector>

#include "common/learning/onnx/graph_writer.hpp"
#include "common/learning/onnx/layer_nodes.hpp"
#include "common/learning/onnx/onnx_model.hpp"
#include "common/learning/quantization/fused_layers.hpp"

namespace fedgram::learning {

namespace {

using namespace onnx;

class Int8Graph {
public:
    Int8Graph(GraphWriter& writer, const QuantizedModel& model)
        : writer_{writer},
          model_{model.model},
          quantized_{model.layers},
          fused_{fused_layers(model.model)},
          quantizer_{quantized_.front().input}
    {
        assert(fused_.size() == quantized_.size());
    }

    void add_layers()
    {
        codes_ = input_name;
        quantize(input_name, input_name);
        for (place_ = 0; place_ < model_.layers.size(); ++place_)
            std::visit([this](const auto& layer) { add(layer); }, model_.layers[place_].layer);
        reals(output_name);
    }

private:
    // The two constants of a point where activations are codes.
    struct Point {
        std::string scale;
        std::string zero_point;
    };

    void add(const spec::Conv2d& conv) { add_weighted("Conv", attributes_of(conv)); }
    void add(const spec::Linear& linear) { add_weighted("Gemm", attributes_of(linear)); }
    void add(const spec::Relu&) {}  // part of the layer before
    void add(const spec::MaxPool2d& pool)
    {
        codes_ = writer_.add_node("MaxPool", name(), {codes_}, attributes_of(pool));
    }
    // Of codes as numbers: their scale would make a half of a code a little more or less, and rounding would go astray.
    void add(const spec::AvgPool2d& pool)
    {
        const float one = 1;
        const std::uint8_t zero = 0;
        const auto scale = writer_.add_constant(name() + ".scale", {}, std::span{&one, 1});
        const auto zero_point = writer_.add_constant(name() + ".zero_point", {}, std::span{&zero, 1});
        const auto numbers = writer_.add_node("DequantizeLinear", name() + ".input", {codes_, scale, zero_point});
        const auto average = writer_.add_node("AveragePool", name() + ".real", {numbers}, attributes_of(pool));
        codes_ = writer_.add_node("QuantizeLinear", name(), {average, scale, zero_point});
    }
    void add(const spec::Flatten& flatten)
    {
        codes_ = writer_.add_node("Flatten", name(), {codes_}, attributes_of(flatten));
    }
    template <class Other>
    void add(const Other&)
    {
        refuse_kind(model_.layers[place_]);
    }

    [[nodiscard]] const std::string& name() const { return model_.layers[place_].name; }

    void add_weighted(const std::string& kind, const Attributes& attributes)
    {
        const auto& layer = quantized_[weighted_];
        const auto& fused = fused_[weighted_++];
        assert(fused.layer == place_ && layer.input == quantizer_);
        auto real = writer_.add_node(kind, name() + ".real",
                                     {reals(name() + ".input"), weight(layer, fused), bias(layer, fused)}, attributes);
        quantizer_ = layer.output;
        // With 0 as the least code's value, QuantizeLinear's own clamp is the ReLU. onnxruntime leaves a layer with a
        // Relu node between it and that clamp in float32 for some zero points.
        if (fused.has_relu() && layer.output.zero_point != 0) real = writer_.add_node("Relu", name() + ".relu", {real});
        quantize(real, name());
    }

    // Codes of this tensor, by the quantizer that holds from here on.
    void quantize(const std::string& real, const std::string& where)
    {
        const auto zero_point = static_cast<std::uint8_t>(quantizer_.zero_point);
        point_ = {writer_.add_constant(where + ".scale", {}, std::span{&quantizer_.scale, 1}),
                  writer_.add_constant(where + ".zero_point", {}, std::span{&zero_point, 1})};
        codes_ = writer_.add_node("QuantizeLinear", where + ".codes", {real, point_.scale, point_.zero_point});
    }

    // What the codes stand for.
    std::string reals(const std::string& where)
    {
        return writer_.add_node("DequantizeLinear", where, {codes_, point_.scale, point_.zero_point});
    }

    std::string weight(const QuantizedLayer& layer, const FusedLayer& fused)
    {
        const auto& slot = model_.parameters.slots[fused.weight];
        return constant_reals<std::int8_t>(slot, layer.weights, layer.weight_scales);
    }

    std::string bias(const QuantizedLayer& layer, const FusedLayer& fused)
    {
        std::vector<float> scales;
        for (const float scale : layer.weight_scales) scales.push_back(layer.input.scale * scale);
        return constant_reals<std::int32_t>(model_.parameters.slots[fused.bias], layer.biases, scales);
    }

    // A scale for all, or one for each channel; the zero point is 0.
    template <class Code>
    std::string constant_reals(const ParameterSlot& slot, const std::vector<Code>& codes,
                               const std::vector<float>& scales)
    {
        const std::vector<Code> zeros(scales.size(), 0);
        const bool is_one = scales.size() == 1;
        const auto shape = is_one ? Extents{} : Extents{static_cast<std::int64_t>(scales.size())};
        return writer_.add_node("DequantizeLinear", slot.name + ".real",
                                {writer_.add_constant(slot.name, slot.shape, std::span{codes}),
                                 writer_.add_constant(slot.name + ".scale", shape, std::span{scales}),
                                 writer_.add_constant(slot.name + ".zero_point", shape, std::span{zeros})},
                                is_one ? Attributes{} : Attributes{{"axis", std::int64_t{0}}});
    }

    GraphWriter& writer_;
    const Model& model_;
    const std::vector<QuantizedLayer>& quantized_;
    std::vector<FusedLayer> fused_;
    Quantizer quantizer_;  // of the codes that the next layer takes
    Point point_{};
    std::string codes_;
    std::size_t place_ = 0;
    std::size_t weighted_ = 0;
};

}  // namespace

std::string onnx_model(const QuantizedModel& model, const OnnxNotes& notes)
{
    require_layers(model.model);
    GraphWriter writer{model.model};
    Int8Graph{writer, model}.add_layers();
    for (const auto& [key, value] : notes) writer.add_note(key, value);
    return writer.finish();
}

}  // namespace fedgram::learning
