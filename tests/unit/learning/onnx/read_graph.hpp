#pragma once

#include <cstring>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "onnx_messages.pb.h"

namespace fedgram::test {

namespace wire = learning::onnx::wire;

inline wire::File parsed(const std::string& bytes)
{
    wire::File file;
    REQUIRE(file.ParseFromString(bytes));
    return file;
}

/// "conv1.real = Conv(a, b, c) pads=1,1 axis=0", for each node.
inline std::vector<std::string> node_lines(const wire::File& file)
{
    std::vector<std::string> lines;
    for (const auto& node : file.graph().node()) {
        REQUIRE(node.output_size() == 1);
        auto line = node.output(0) + " = " + node.op_type() + "(";
        for (int i = 0; i < node.input_size(); ++i) line += (i > 0 ? ", " : "") + node.input(i);
        line += ")";
        for (const auto& attribute : node.attribute()) {
            line += " " + attribute.name() + "=";
            REQUIRE(attribute.has_i() == (attribute.type() == wire::Attribute::INT));
            if (attribute.has_i()) line += std::to_string(attribute.i());
            for (int i = 0; i < attribute.ints_size(); ++i)
                line += (i > 0 ? "," : "") + std::to_string(attribute.ints(i));
        }
        lines.push_back(line);
    }
    return lines;
}

inline const wire::Tensor& constant(const wire::File& file, const std::string& name)
{
    for (const auto& tensor : file.graph().initializer())
        if (tensor.name() == name) return tensor;
    FAIL("no constant " << name);
    throw;
}

inline std::vector<std::int64_t> extents(const wire::Tensor& tensor)
{
    return {tensor.dims().begin(), tensor.dims().end()};
}

template <class T>
std::vector<T> values(const wire::Tensor& tensor)
{
    std::vector<T> values(tensor.raw_data().size() / sizeof(T));
    std::memcpy(values.data(), tensor.raw_data().data(), tensor.raw_data().size());
    return values;
}

}  // namespace fedgram::test
