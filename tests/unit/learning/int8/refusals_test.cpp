#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/learning/int8/random_networks.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

void refused(const QuantizedModel& model, const std::string& text)
{
    for (const auto set : int8::usable_instruction_sets()) {
        CHECK_THROWS_AS((Int8Network{model, set}), SpecError);
        CHECK_THROWS_WITH((Int8Network{model, set}), text);
    }
}

}  // namespace

TEST_CASE("A layer that can't be run in integers is refused by its name")
{
    auto model = identity(3);
    model.model = model_of({spec::Flatten{}, spec::Linear{3}, spec::Tanh{}}, {1, 1, 3, 3});
    refused(
        model,
        "int8: layer tanh1 can't be run in integers; use convolutions, linear layers, ReLU, ReLU6, pooling, residuals, "
        "dropout and flattening");
}

TEST_CASE("Quantized layers that aren't the model's are refused")
{
    auto model = identity(3);
    model.layers.push_back(model.layers.front());
    refused(model, "int8: 2 quantized layers; model case has 1 with weights");
    model.layers.clear();
    refused(model, "int8: 0 quantized layers; model case has 1 with weights");
    model.model = model_of({spec::Flatten{}}, {1, 1, 3, 3});
    refused(model, "int8: model case has no layers with weights");

    model = identity(3);
    model.layers.front().weights.pop_back();
    refused(model, "int8 layer fc1: 8 weights; it takes 9");
    model = identity(3);
    model.layers.front().biases.push_back(0);
    refused(model, "int8 layer fc1: 4 biases; it takes 3");
    model = identity(3);
    model.layers.front().weight_scales = {1, 1};
    refused(model, "int8 layer fc1: 2 weight scales; it takes 3");
}

TEST_CASE("Scales and zero points that are none are refused")
{
    auto model = identity(2);
    model.layers.front().input.scale = 0;
    refused(model, "int8 layer fc1: input scale 0.000000; it must be finite and above 0");
    model = identity(2);
    model.layers.front().output.scale = std::numeric_limits<float>::infinity();
    refused(model, "int8 layer fc1: output scale inf; it must be finite and above 0");
    model = identity(2);
    model.layers.front().output.zero_point = 256;
    refused(model, "int8 layer fc1: output zero point 256; it must be a code, 0 to 255");
    model = identity(2);
    model.layers.front().input.zero_point = -1;
    refused(model, "int8 layer fc1: input zero point -1; it must be a code, 0 to 255");
    model = identity(2);
    model.layers.front().weight_scales = {1, -1};
    refused(model, "int8 layer fc1: weight scale -1.000000 of output 1; it must be finite and above 0");
    model = identity(2);
    model.layers.front().input.scale = 1e30F;
    model.layers.front().output.scale = 1e-30F;
    refused(model,
            "int8 layer fc1: the scales of output 0 lie too far apart: input x weight / output is beyond float32");
}

TEST_CASE("A layer whose input isn't what the one before gives is refused")
{
    QuantizedModel model{.model = model_of({spec::Flatten{}, spec::Linear{2}, spec::Linear{2}}, {1, 1, 2, 2}),
                         .layers = {identity(2).layers.front(), identity(2).layers.front()}};
    model.layers[1].input.zero_point = 1;
    refused(model, "int8 layer fc2: its input has another scale or zero point than what the layer before gives");
}

TEST_CASE("A layer whose sums may not fit into 32 bits is refused")
{
    QuantizedModel model{.model = model_of({spec::Flatten{}, spec::Linear{1}}, {1, 2, 32'897, 1}), .layers = {{}}};
    model.layers.front().weights.assign(65'794, 1);
    model.layers.front().weight_scales = {1};
    model.layers.front().biases = {0};
    refused(model, "int8 layer fc1: 65794 products a sum; int8 takes up to 65793, whose sums fit into 32 bits");

    // 2^31 - 1 is the largest: a bias of 255 less leaves room for a code of 255.
    model = identity(1);
    model.layers.front().biases = {2'147'483'392};
    CHECK_NOTHROW(Int8Network{model, int8::InstructionSet::portable});
    model.layers.front().biases = {2'147'483'393};
    refused(
        model,
        "int8 layer fc1: bias 2147483393 of output 0: its sums may not fit into 32 bits; use a larger weight scale");
    // With a zero point of 100 a code adds 155 at most.
    model.layers.front().input.zero_point = 100;
    CHECK_NOTHROW(Int8Network{model, int8::InstructionSet::portable});
}

TEST_CASE("Grouped convolutions that aren't depthwise are refused")
{
    QuantizedModel model{.model = model_of({spec::Conv2d{4, 1, 1, 0, 0, 2}, spec::Flatten{}}, {4, 1, 1, 4}),
                         .layers = {identity(2).layers.front()}};
    refused(model,
            "conv1: int8 runs convolutions of one group, or of a group for each channel; 2 groups make 4 channels "
            "of 4");
    model.model = model_of({spec::Conv2d{4, 1, 1, 0, 0, 2}, spec::Flatten{}}, {2, 1, 1, 4});
    refused(model,
            "conv1: int8 runs convolutions of one group, or of a group for each channel; 2 groups make 4 channels "
            "of 2");
}

TEST_CASE("Additions without a quantizer, or with none that can be, are refused")
{
    QuantizedModel model{.model = model_of({spec::Flatten{}, spec::Residual{{spec::Linear{2}}}}, {1, 1, 2, 2}),
                         .layers = {identity(2).layers.front()}};
    refused(model, "int8: quantizers of 0 additions; model case has 1 residuals");
    model.additions = {{0, 0}};
    refused(model, "int8 layer residual1: output scale 0.000000; it must be finite and above 0");
    model.additions = {{1, 256}};
    refused(model, "int8 layer residual1: output zero point 256; it must be a code, 0 to 255");
    model.additions = {{1, 0}};
    CHECK_NOTHROW(Int8Network{model, int8::InstructionSet::portable});
    model.layers.front().output.scale = 0x1p121F;
    refused(model,
            "int8 layer residual1: scale 2658455991569831745807614120560689152.000000 of what it adds; 255 times it "
            "must be within float32");
}

TEST_CASE("A flattened image and features, whose codes lie differently, aren't added")
{
    QuantizedModel model{
        .model = model_of({spec::Residual{{spec::Flatten{}}, {spec::Flatten{}, spec::Linear{2}}}}, {2, 1, 1, 2}),
        .layers = {identity(2).layers.front()},
        .additions = {{1, 0}}};
    CHECK_NOTHROW(Int8Network{model, int8::InstructionSet::portable});
    model.model = model_of({spec::Residual{{spec::Flatten{}}, {spec::Flatten{}, spec::Linear{4}}}}, {2, 1, 2, 4});
    model.layers = {identity(4).layers.front()};
    refused(model,
            "int8 layer residual1: it adds a flattened image to features; flatten behind it, or neither of both");
}

TEST_CASE("Means of more codes than are exact are refused")
{
    QuantizedModel model{
        .model = model_of({spec::GlobalAvgPool2d{}, spec::Flatten{}, spec::Linear{1}}, {1, 256, 256, 1}),
        .layers = {identity(1).layers.front()}};
    refused(model, "int8 layer pool1: means of 65536 codes; int8 takes up to 65535");
}
