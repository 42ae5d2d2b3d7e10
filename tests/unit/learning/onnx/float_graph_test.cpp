#include <numeric>

#include "common/error/error.hpp"
#include "common/learning/onnx/layer_nodes.hpp"
#include "common/learning/onnx/onnx_model.hpp"
#include "tests/unit/learning/onnx/read_graph.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::test;

namespace {

std::vector<float> counted(const Model& model)
{
    std::vector<float> parameters(model.parameters.size);
    std::iota(parameters.begin(), parameters.end(), 1.0F);
    return parameters;
}

}  // namespace

TEST_CASE("A layer of floats is a node of ONNX with the parameters as its constants", "[onnx]")
{
    using namespace spec;
    const auto model =
        build_model({.name = "all",
                     .layers = {Conv2d{.channels = 2, .kernel = 3, .stride = 2, .padding = 1}, Tanh{}, AvgPool2d{2, 1},
                                Conv2d{.channels = 1, .kernel = 1}, Relu{}, MaxPool2d{2, 2}, Flatten{}, Linear{3}}},
                    {.channels = 1, .height = 6, .width = 6, .classes = 3});
    const auto file = parsed(onnx_model(model, counted(model)));
    CHECK(node_lines(file) ==
          std::vector<std::string>{
              "conv1 = Conv(input, conv1.weight, conv1.bias) group=1 kernel_shape=3,3 pads=1,1,1,1 strides=2,2",
              "tanh1 = Tanh(conv1)", "pool1 = AveragePool(tanh1) kernel_shape=2,2 strides=1,1",
              "conv2 = Conv(pool1, conv2.weight, conv2.bias) group=1 kernel_shape=1,1 pads=0,0,0,0 strides=1,1",
              "relu1 = Relu(conv2)", "pool2 = MaxPool(relu1) kernel_shape=2,2 strides=2,2",
              "flatten1 = Flatten(pool2) axis=1", "logits = Gemm(flatten1, fc1.weight, fc1.bias) transB=1"});
    // 18 weights and 2 biases, 2 and 1, then 3 and 3: they count on from tensor to tensor.
    CHECK(extents(constant(file, "conv1.weight")) == std::vector<std::int64_t>{2, 1, 3, 3});
    CHECK(values<float>(constant(file, "conv1.bias")) == std::vector<float>{19, 20});
    CHECK(values<float>(constant(file, "conv2.weight")) == std::vector<float>{21, 22});
    CHECK(extents(constant(file, "fc1.weight")) == std::vector<std::int64_t>{3, 1});
    CHECK(values<float>(constant(file, "fc1.weight")) == std::vector<float>{24, 25, 26});
}

TEST_CASE("Normalizations, groups and branches become what ONNX has for them, and dropout nothing", "[onnx]")
{
    using namespace spec;
    const Residual block{
        .layers = {Conv2d{.channels = 4, .kernel = 3, .padding = 1, .groups = 2, .bias = false}, BatchNorm{}},
        .shortcut = {Conv2d{.channels = 4, .kernel = 1}}};
    const auto model = build_model(
        {.name = "block",
         .layers = {block, Relu6{}, GroupNorm{2}, Dropout{}, GlobalAvgPool2d{}, Flatten{}, Linear{2}, Dropout{}}},
        {.channels = 2, .height = 3, .width = 5, .classes = 2});
    const auto file = parsed(onnx_model(model, counted(model)));
    CHECK(node_lines(file) ==
          std::vector<std::string>{
              "residual1.conv1 = Conv(input, residual1.conv1.weight) group=2 kernel_shape=3,3 pads=1,1,1,1 strides=1,1",
              "residual1.bn1 = BatchNormalization(residual1.conv1, residual1.bn1.weight, residual1.bn1.bias, "
              "residual1.bn1.running_mean, residual1.bn1.running_var)",
              "residual1.conv2 = Conv(input, residual1.conv2.weight, residual1.conv2.bias) group=1 kernel_shape=1,1 "
              "pads=0,0,0,0 strides=1,1",
              "residual1 = Add(residual1.bn1, residual1.conv2)", "relu1 = Clip(residual1, relu1.least, relu1.most)",
              "gn1.grouped = Reshape(relu1, gn1.groups)",
              "gn1.normalized = InstanceNormalization(gn1.grouped, gn1.ones, gn1.zeros)",
              "gn1.ungrouped = Reshape(gn1.normalized, gn1.shape)", "gn1.weighted = Mul(gn1.ungrouped, gn1.weight)",
              "gn1 = Add(gn1.weighted, gn1.bias)", "pool1 = GlobalAveragePool(gn1)", "flatten1 = Flatten(pool1) axis=1",
              "logits = Gemm(flatten1, fc1.weight, fc1.bias) transB=1"});
    CHECK(values<float>(constant(file, "relu1.most")) == std::vector<float>{6});
    // 0: as many samples as there are; -1: all pixels of a group.
    CHECK(values<std::int64_t>(constant(file, "gn1.groups")) == std::vector<std::int64_t>{0, 2, -1});
    CHECK(constant(file, "gn1.groups").data_type() == wire::INT64);
    CHECK(values<std::int64_t>(constant(file, "gn1.shape")) == std::vector<std::int64_t>{0, 4, 3, 5});
    CHECK(extents(constant(file, "gn1.weight")) == std::vector<std::int64_t>{4, 1, 1});
    CHECK(extents(constant(file, "residual1.conv1.weight")) == std::vector<std::int64_t>{4, 1, 3, 3});
}

// By hand from ONNX's numbers of fields and Protocol Buffers' encoding.
TEST_CASE("The bytes of the smallest model are those of ONNX's messages", "[onnx]")
{
    const auto model = build_model({.name = "m", .layers = {spec::Flatten{}, spec::Linear{1}}},
                                   {.channels = 1, .height = 1, .width = 2, .classes = 1});
    const std::vector<float> parameters{1, 2, -2};
    using namespace std::string_literals;
    const auto field = [](char number, const std::string& content) {  // of length-delimited content
        return std::string{static_cast<char>(number * 8 + 2), static_cast<char>(content.size())} + content;
    };
    const auto flatten = field(1, "input") + field(2, "flatten1") + field(3, "flatten1") + field(4, "Flatten") +
                         field(5, field(1, "axis") + "\x18\x01\xA0\x01\x02"s);  // i = 1, type = INT
    const auto gemm = field(1, "flatten1") + field(1, "fc1.weight") + field(1, "fc1.bias") + field(2, "logits") +
                      field(3, "fc1") + field(4, "Gemm") + field(5, field(1, "transB") + "\x18\x01\xA0\x01\x02"s);
    const auto weight = field(1, "\x01\x02") + "\x10\x01"s + field(8, "fc1.weight") +
                        field(9, "\0\0\x80\x3F\0\0\0\x40"s);  // dims 1, 2; FLOAT; 1 and 2
    const auto bias = field(1, "\x01") + "\x10\x01"s + field(8, "fc1.bias") + field(9, "\0\0\0\xC0"s);
    const auto value = [&](const std::string& name, const std::string& extents_of_sample) {
        std::string dims = field(1, field(2, "batch"));
        for (const char extent : extents_of_sample) dims += field(1, "\x08"s + extent);
        return field(1, name) + field(2, field(1, "\x08\x01"s + field(2, dims)));
    };
    const auto graph = field(1, flatten) + field(1, gemm) + field(2, "m") + field(5, weight) + field(5, bias) +
                       field(11, value("input", "\x01\x01\x02")) + field(12, value("logits", "\x01"));
    const auto long_graph = std::string{static_cast<char>(7 * 8 + 2), static_cast<char>(graph.size() % 128 + 128),
                                        static_cast<char>(graph.size() / 128)} +
                            graph;
    CHECK(onnx_model(model, parameters, {{"k", "v"}}) == "\x08\x07"s + field(2, "fedgram") + long_graph +
                                                             field(8, "\x10\x0D") +
                                                             field(14, field(1, "k") + field(2, "v")));
}

TEST_CASE("The batch has a name and no number, and the operators are those of set 13", "[onnx]")
{
    const auto model = build_model({.name = "small-cnn", .layers = {}}, {});
    const auto file = parsed(onnx_model(model, counted(model), {{"mean", "[0.5]"}}));
    CHECK(file.ir_version() == 7);
    REQUIRE(file.opset_import_size() == 1);
    CHECK(file.opset_import(0).version() == 13);
    const auto& input = file.graph().input(0);
    CHECK(input.name() == "input");
    const auto& shape = input.type().tensor_type().shape();
    REQUIRE(shape.dim_size() == 4);
    CHECK(shape.dim(0).dim_param() == "batch");
    CHECK(shape.dim(3).dim_value() == 28);
    CHECK(file.graph().output(0).name() == "logits");
    CHECK(file.graph().output(0).type().tensor_type().shape().dim(1).dim_value() == 10);
    REQUIRE(file.metadata_props_size() == 1);
    CHECK(file.metadata_props(0).value() == "[0.5]");
}

TEST_CASE("What has no form in ONNX is refused by its name", "[onnx]")
{
    const auto model = build_model({.name = "mlp", .layers = {}}, {});
    CHECK_THROWS_WITH(onnx::refuse_kind(model.layers[2]),
                      "model, layer relu1: relu has no form in ONNX here; use other layers");
    Model script;
    script.torchscript = "their.pt";
    CHECK_THROWS_WITH(onnx_model(script, std::vector<float>{}),
                      "model.torchscript: their.pt can't be exported; export a model of layers, or this one by "
                      "torch.onnx.export");
}
