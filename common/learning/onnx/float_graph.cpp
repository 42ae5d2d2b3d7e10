// A model in float32 as a graph of ONNX: a node for each layer, or some.
#include <algorithm>
#include <cassert>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/learning/model/normalization.hpp"
#include "common/learning/onnx/graph_writer.hpp"
#include "common/learning/onnx/layer_nodes.hpp"
#include "common/learning/onnx/onnx_model.hpp"

namespace fedgram::learning {

namespace {

using namespace onnx;

class FloatGraph {
public:
    FloatGraph(GraphWriter& writer, const Model& model, std::span<const float> parameters)
        : writer_{writer}, model_{model}, parameters_{parameters}
    {
    }

    void add_layers(const std::vector<LayerInfo>& layers)
    {
        for (const auto& layer : layers) std::visit([&](const auto& kind) { add(layer, kind); }, layer.layer);
    }

private:
    void add(const LayerInfo& layer, const spec::Conv2d& conv)
    {
        std::vector<std::string> inputs{real_, parameter(layer, "weight")};
        if (conv.bias) inputs.push_back(parameter(layer, "bias"));
        add_node(layer, "Conv", inputs, attributes_of(conv));
    }
    void add(const LayerInfo& layer, const spec::Linear& linear)
    {
        add_node(layer, "Gemm", {real_, parameter(layer, "weight"), parameter(layer, "bias")}, attributes_of(linear));
    }
    void add(const LayerInfo& layer, const spec::Relu&) { add_node(layer, "Relu", {real_}); }
    void add(const LayerInfo& layer, const spec::Relu6&)
    {
        add_node(layer, "Clip", {real_, constant(layer, "least", {}, {0}), constant(layer, "most", {}, {6})});
    }
    void add(const LayerInfo& layer, const spec::Tanh&) { add_node(layer, "Tanh", {real_}); }
    void add(const LayerInfo& layer, const spec::MaxPool2d& pool)
    {
        add_node(layer, "MaxPool", {real_}, attributes_of(pool));
    }
    void add(const LayerInfo& layer, const spec::AvgPool2d& pool)
    {
        add_node(layer, "AveragePool", {real_}, attributes_of(pool));
    }
    void add(const LayerInfo& layer, const spec::GlobalAvgPool2d&) { add_node(layer, "GlobalAveragePool", {real_}); }
    void add(const LayerInfo& layer, const spec::Flatten& flatten)
    {
        add_node(layer, "Flatten", {real_}, attributes_of(flatten));
    }
    void add(const LayerInfo&, const spec::Dropout&) {}  // nothing, in use

    // By the running averages. The operator's own epsilon is ours.
    void add(const LayerInfo& layer, const spec::BatchNorm&)
    {
        static_assert(normalization_epsilon == 1e-5);
        add_node(layer, "BatchNormalization",
                 {real_, parameter(layer, "weight"), parameter(layer, "bias"), parameter(layer, "running_mean"),
                  parameter(layer, "running_var")});
    }

    // ONNX has this one from set 21 on. It is that of each group as one channel, without weights, and the channels'
    // weights behind it.
    void add(const LayerInfo& layer, const spec::GroupNorm& norm)
    {
        static_assert(normalization_epsilon == 1e-5);  // as of InstanceNormalization
        const Extents shape_of_groups{0, norm.groups, -1};
        Extents shape{0};
        shape.insert(shape.end(), layer.output_shape.begin(), layer.output_shape.end());
        Extents of_channel(layer.output_shape.size(), 1);
        of_channel.front() = layer.output_shape.front();
        const std::vector<float> ones(norm.groups, 1);
        const std::vector<float> zeros(norm.groups, 0);
        add_node(layer, "Reshape", {real_, constant(layer, "groups", {3}, shape_of_groups)}, {}, ".grouped");
        add_node(layer, "InstanceNormalization",
                 {real_, constant(layer, "ones", {norm.groups}, ones), constant(layer, "zeros", {norm.groups}, zeros)},
                 {}, ".normalized");
        add_node(layer, "Reshape", {real_, constant(layer, "shape", {static_cast<std::int64_t>(shape.size())}, shape)},
                 {}, ".ungrouped");
        add_node(layer, "Mul", {real_, parameter(layer, "weight", of_channel)}, {}, ".weighted");
        add_node(layer, "Add", {real_, parameter(layer, "bias", of_channel)});
    }

    void add(const LayerInfo& layer, const spec::Residual&)
    {
        const auto input = real_;
        add_layers(layer.body);
        const auto body = std::exchange(real_, input);
        add_layers(layer.shortcut);
        add_node(layer, "Add", {body, real_});
    }

    template <class Other>
    void add(const LayerInfo& layer, const Other&)
    {
        refuse_kind(layer);
    }

    void add_node(const LayerInfo& layer, const std::string& kind, const std::vector<std::string>& inputs,
                  const Attributes& attributes = {}, const std::string& part = {})
    {
        real_ = writer_.add_node(kind, layer.name + part, inputs, attributes);
    }

    template <class T>
    std::string constant(const LayerInfo& layer, const std::string& which, const Extents& shape,
                         const std::vector<T>& values)
    {
        return writer_.add_constant(layer.name + "." + which, shape, std::span<const T>{values});
    }
    std::string constant(const LayerInfo& layer, const std::string& which, const Extents& shape,
                         const std::vector<float>& values)
    {
        return constant<float>(layer, which, shape, values);
    }

    // In the slot's shape, or in this one.
    std::string parameter(const LayerInfo& layer, const std::string& which, const Extents& shape = {})
    {
        const auto& slots = model_.parameters.slots;
        const auto slot = std::ranges::find(slots, layer.name + "." + which, &ParameterSlot::name);
        assert(slot != slots.end());
        return writer_.add_constant(slot->name, shape.empty() ? slot->shape : shape,
                                    parameters_.subspan(slot->offset, slot->size));
    }

    GraphWriter& writer_;
    const Model& model_;
    std::span<const float> parameters_;
    std::string real_ = input_name;  // the tensor that the next layer takes
};

}  // namespace

std::string onnx_model(const Model& model, std::span<const float> parameters, const OnnxNotes& notes)
{
    assert(!model.torchscript.empty() || parameters.size() == model.parameters.size);
    require_layers(model);
    GraphWriter writer{model};
    FloatGraph{writer, model, parameters}.add_layers(model.layers);
    for (const auto& [key, value] : notes) writer.add_note(key, value);
    return writer.finish();
}

}  // namespace fedgram::learning
