#include "common/learning/onnx/layer_nodes.hpp"

#include <cstdint>

#include "common/error/error.hpp"
#include "common/spec/words.hpp"

namespace fedgram::learning::onnx {

namespace {

Extents pair(std::uint32_t value) { return {value, value}; }

template <class Pool>
Attributes of_pooling(const Pool& pool)
{
    return {{"kernel_shape", pair(pool.kernel)}, {"strides", pair(pool.stride)}};
}

}  // namespace

Attributes attributes_of(const spec::Conv2d& conv)
{
    const std::int64_t padding = conv.padding;
    return {{"group", std::int64_t{conv.groups}},
            {"kernel_shape", pair(conv.kernel)},
            {"pads", Extents{padding, padding, padding, padding}},
            {"strides", pair(conv.stride)}};
}

Attributes attributes_of(const spec::MaxPool2d& pool) { return of_pooling(pool); }
Attributes attributes_of(const spec::AvgPool2d& pool) { return of_pooling(pool); }
Attributes attributes_of(const spec::Linear&) { return {{"transB", std::int64_t{1}}}; }
Attributes attributes_of(const spec::Flatten&) { return {{"axis", std::int64_t{1}}}; }

void require_layers(const Model& model)
{
    if (!model.torchscript.empty())
        throw SpecError{"model.torchscript: " + model.torchscript +
                        " can't be exported; export a model of layers, or this one by torch.onnx.export"};
}

void refuse_kind(const LayerInfo& layer)
{
    throw SpecError{"model, layer " + layer.name + ": " + std::string{spec::layer_words[layer.layer.index()]} +
                    " has no form in ONNX here; use other layers"};
}

}  // namespace fedgram::learning::onnx
