#include "common/learning/onnx/graph_writer.hpp"

#include <bit>
#include <cassert>
#include <limits>
#include <type_traits>

#include "common/error/error.hpp"
#include "onnx_messages.pb.h"

namespace fedgram::learning::onnx {

namespace {

static_assert(std::endian::native == std::endian::little, "a tensor's bytes are written as they lie in memory");

// The first whose DequantizeLinear takes a scale for each channel; of 2020, so that old runtimes read it too. Later
// ones change nothing of the operators here. Version 7 of the format came with it.
constexpr std::int64_t operator_set = 13;
constexpr std::int64_t format_version = 7;

template <class T>
constexpr wire::ElementType element_type()
{
    if constexpr (std::is_same_v<T, float>)
        return wire::FLOAT;
    else if constexpr (std::is_same_v<T, std::uint8_t>)
        return wire::UINT8;
    else if constexpr (std::is_same_v<T, std::int8_t>)
        return wire::INT8;
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return wire::INT32;
    else
        return wire::INT64;
}

/// Floats for any number of samples.
void describe(wire::Value& value, const std::string& name, const Extents& shape_of_sample)
{
    value.set_name(name);
    auto& type = *value.mutable_type()->mutable_tensor_type();
    type.set_elem_type(wire::FLOAT);
    type.mutable_shape()->add_dim()->set_dim_param("batch");
    for (const auto extent : shape_of_sample) type.mutable_shape()->add_dim()->set_dim_value(extent);
}

}  // namespace

GraphWriter::GraphWriter(const Model& model) : model_{model}, file_{std::make_unique<wire::File>()}
{
    file_->set_ir_version(format_version);
    file_->set_producer_name("fedgram");
    file_->add_opset_import()->set_version(operator_set);
    auto& graph = *file_->mutable_graph();
    graph.set_name(model.name.empty() ? "model" : model.name);
    const auto& shape = model.shape;
    describe(*graph.add_input(), input_name, {shape.channels, shape.height, shape.width});
}

GraphWriter::~GraphWriter() = default;

template <class T>
std::string GraphWriter::add_tensor(const std::string& name, const Extents& shape, std::span<const T> values)
{
    auto& tensor = *file_->mutable_graph()->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(element_type<T>());
    for (const auto extent : shape) tensor.add_dims(extent);
    tensor.set_raw_data(values.data(), values.size_bytes());
    return name;
}

std::string GraphWriter::add_constant(const std::string& name, const Extents& shape, std::span<const float> values)
{
    return add_tensor(name, shape, values);
}

std::string GraphWriter::add_constant(const std::string& name, const Extents& shape,
                                      std::span<const std::uint8_t> values)
{
    return add_tensor(name, shape, values);
}

std::string GraphWriter::add_constant(const std::string& name, const Extents& shape,
                                      std::span<const std::int8_t> values)
{
    return add_tensor(name, shape, values);
}

std::string GraphWriter::add_constant(const std::string& name, const Extents& shape,
                                      std::span<const std::int32_t> values)
{
    return add_tensor(name, shape, values);
}

std::string GraphWriter::add_constant(const std::string& name, const Extents& shape,
                                      std::span<const std::int64_t> values)
{
    return add_tensor(name, shape, values);
}

std::string GraphWriter::add_node(const std::string& kind, const std::string& name,
                                  const std::vector<std::string>& inputs, const Attributes& attributes)
{
    auto& node = *file_->mutable_graph()->add_node();
    node.set_op_type(kind);
    node.set_name(name);
    for (const auto& input : inputs) node.add_input(input);
    node.add_output(name);
    for (const auto& [key, value] : attributes) {
        auto& attribute = *node.add_attribute();
        attribute.set_name(key);
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            attribute.set_type(wire::Attribute::INT);
            attribute.set_i(*number);
        } else {
            attribute.set_type(wire::Attribute::INTS);
            for (const auto each : std::get<Extents>(value)) attribute.add_ints(each);
        }
    }
    return name;
}

void GraphWriter::add_note(const std::string& key, const std::string& value)
{
    auto& note = *file_->add_metadata_props();
    note.set_key(key);
    note.set_value(value);
}

std::string GraphWriter::finish()
{
    auto& graph = *file_->mutable_graph();
    assert(graph.node_size() > 0);
    graph.mutable_node()->rbegin()->set_output(0, output_name);
    describe(*graph.add_output(), output_name, {model_.shape.classes});
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
    if (const auto bytes = file_->ByteSizeLong(); bytes > most)
        throw SpecError{"model " + model_.name + ": it would take " + std::to_string(bytes) +
                        " bytes, and an ONNX file has at most " + std::to_string(most) + "; make the model smaller"};
    return file_->SerializeAsString();
}

}  // namespace fedgram::learning::onnx
