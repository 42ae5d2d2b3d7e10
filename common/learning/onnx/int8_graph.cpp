// A model in int8 as a graph of ONNX. Between layers are codes, uint8. A layer with weights is DequantizeLinear of
// codes, weights and biases, the float operator, and QuantizeLinear: runtimes put an integer operator in place of all
// of them. The largest of codes is the code of the largest, and flattening moves them, so MaxPool and Flatten take
// codes as they are.
#include <algorithm>
#include <cassert>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/learning/onnx/graph_writer.hpp"
#include "common/learning/onnx/layer_nodes.hpp"
#include "common/learning/onnx/onnx_model.hpp"
#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/learning/quantization/fused_layers.hpp"

namespace fedgram::learning {

namespace {

using namespace onnx;

class Int8Graph {
public:
    Int8Graph(GraphWriter& writer, const QuantizedModel& model)
        : writer_{writer}, model_{model}, all_{all_layers(model.model)}, steps_{fused_layers(model.model)}
    {
    }

    void add_layers()
    {
        quantize(input_name, input_name, model_.layers.front().input);
        add_layers(model_.model.layers);
        reals(output_name, codes_);
    }

private:
    // A tensor of codes, and the two constants that say what they stand for.
    struct Codes {
        std::string tensor;
        std::string scale;
        std::string zero_point;
    };

    void add_layers(const std::vector<LayerInfo>& layers)
    {
        for (const auto& layer : layers) std::visit([&](const auto& kind) { add(layer, kind); }, layer.layer);
    }

    void add(const LayerInfo& layer, const spec::Conv2d& conv) { add_weighted(layer, "Conv", attributes_of(conv)); }
    void add(const LayerInfo& layer, const spec::Linear& linear) { add_weighted(layer, "Gemm", attributes_of(linear)); }
    // Part of the step before.
    void add(const LayerInfo&, const spec::Relu&) {}
    void add(const LayerInfo&, const spec::Relu6&) {}
    void add(const LayerInfo&, const spec::Dropout&) {}  // nothing, in use
    void add(const LayerInfo& layer, const spec::MaxPool2d& pool)
    {
        codes_.tensor = writer_.add_node("MaxPool", layer.name, {codes_.tensor}, attributes_of(pool));
    }
    void add(const LayerInfo& layer, const spec::AvgPool2d& pool)
    {
        add_average(layer, "AveragePool", attributes_of(pool));
    }
    void add(const LayerInfo& layer, const spec::GlobalAvgPool2d&) { add_average(layer, "GlobalAveragePool", {}); }
    void add(const LayerInfo& layer, const spec::Flatten& flatten)
    {
        codes_.tensor = writer_.add_node("Flatten", layer.name, {codes_.tensor}, attributes_of(flatten));
    }
    void add(const LayerInfo& layer, const spec::Residual&)
    {
        const auto entry = codes_;
        add_layers(layer.body);
        const auto body = std::exchange(codes_, entry);
        add_layers(layer.shortcut);
        const auto sum = writer_.add_node("Add", layer.name + ".real",
                                          {reals(layer.name + ".body", body), reals(layer.name + ".shortcut", codes_)});
        add_step(layer, sum, model_.additions[additions_++]);
    }
    template <class Other>
    void add(const LayerInfo& layer, const Other&)
    {
        refuse_kind(layer);
    }

    // Of codes as numbers: their scale would make a half of a code a little more or less, and rounding would go astray.
    void add_average(const LayerInfo& layer, const std::string& kind, const Attributes& attributes)
    {
        const float one = 1;
        const std::uint8_t zero = 0;
        const Codes numbers{codes_.tensor, writer_.add_constant(layer.name + ".scale", {}, std::span{&one, 1}),
                            writer_.add_constant(layer.name + ".zero_point", {}, std::span{&zero, 1})};
        const auto average =
            writer_.add_node(kind, layer.name + ".real", {reals(layer.name + ".input", numbers)}, attributes);
        codes_.tensor = writer_.add_node("QuantizeLinear", layer.name, {average, numbers.scale, numbers.zero_point});
    }

    void add_weighted(const LayerInfo& info, const std::string& kind, const Attributes& attributes)
    {
        const auto& layer = model_.layers[weighted_++];
        const auto real =
            writer_.add_node(kind, info.name + ".real",
                             {reals(info.name + ".input", codes_), weight(info, layer), bias(info, layer)}, attributes);
        add_step(info, real, layer.output);
    }

    // The codes of what a step gives, behind its activation. QuantizeLinear's own clamp is that activation where the
    // least code is that of 0, and behind a ReLU6 the largest that of 6. onnxruntime leaves a layer with an
    // activation's node between it and that clamp in float32 for some zero points.
    void add_step(const LayerInfo& info, std::string real, const Quantizer& output)
    {
        const auto& step = steps_[steps_taken_++];
        assert(all_[step.layer] == &info);
        if (step.activation == FusedActivation::relu6 && (output.zero_point != 0 || !ends_at(6, output)))
            real =
                writer_.add_node("Clip", info.name + ".relu", {real, limit(info, "least", 0), limit(info, "most", 6)});
        else if (step.has_relu() && output.zero_point != 0)
            real = writer_.add_node("Relu", info.name + ".relu", {real});
        quantize(info.name, real, output);
    }

    // Whether no code is above that of the value.
    static bool ends_at(float value, const Quantizer& quantizer) { return place_of(value, quantizer) >= most_code; }

    std::string limit(const LayerInfo& info, const std::string& which, float value)
    {
        return writer_.add_constant(info.name + "." + which, {}, std::span<const float>{&value, 1});
    }

    // From here on codes are those of this tensor, by this quantizer.
    void quantize(const std::string& where, const std::string& real, const Quantizer& quantizer)
    {
        const auto zero_point = static_cast<std::uint8_t>(quantizer.zero_point);
        codes_.scale = writer_.add_constant(where + ".scale", {}, std::span{&quantizer.scale, 1});
        codes_.zero_point = writer_.add_constant(where + ".zero_point", {}, std::span{&zero_point, 1});
        codes_.tensor = writer_.add_node("QuantizeLinear", where + ".codes", {real, codes_.scale, codes_.zero_point});
    }

    // What codes stand for.
    std::string reals(const std::string& where, const Codes& codes)
    {
        return writer_.add_node("DequantizeLinear", where, {codes.tensor, codes.scale, codes.zero_point});
    }

    std::string weight(const LayerInfo& info, const QuantizedLayer& layer)
    {
        const auto& slots = model_.model.parameters.slots;
        const auto slot = std::ranges::find(slots, info.name + ".weight", &ParameterSlot::name);
        return constant_reals<std::int8_t>(slot->name, slot->shape, layer.weights, layer.weight_scales);
    }

    std::string bias(const LayerInfo& info, const QuantizedLayer& layer)
    {
        std::vector<float> scales;
        for (const float scale : layer.weight_scales) scales.push_back(layer.input.scale * scale);
        return constant_reals<std::int32_t>(info.name + ".bias", {static_cast<std::int64_t>(layer.biases.size())},
                                            layer.biases, scales);
    }

    // A scale for all, or one for each channel; the zero point is 0.
    template <class Code>
    std::string constant_reals(const std::string& name, const Extents& extents, const std::vector<Code>& codes,
                               const std::vector<float>& scales)
    {
        const std::vector<Code> zeros(scales.size(), 0);
        const bool is_one = scales.size() == 1;
        const auto shape = is_one ? Extents{} : Extents{static_cast<std::int64_t>(scales.size())};
        return writer_.add_node("DequantizeLinear", name + ".real",
                                {writer_.add_constant(name, extents, std::span{codes}),
                                 writer_.add_constant(name + ".scale", shape, std::span{scales}),
                                 writer_.add_constant(name + ".zero_point", shape, std::span{zeros})},
                                is_one ? Attributes{} : Attributes{{"axis", std::int64_t{0}}});
    }

    GraphWriter& writer_;
    const QuantizedModel& model_;
    std::vector<const LayerInfo*> all_;
    std::vector<FusedLayer> steps_;
    Codes codes_{};  // that the next layer takes
    std::size_t steps_taken_ = 0;
    std::size_t weighted_ = 0;
    std::size_t additions_ = 0;
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
