#include "common/learning/model/kernels.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::learning;

namespace {

// A small CNN, as in small-cnn.
const std::vector<spec::Layer> cnn{spec::Conv2d{16, 3, 1, 1}, spec::Relu{},      spec::MaxPool2d{2, 2},
                                   spec::Conv2d{32, 3, 1, 1}, spec::Relu{},      spec::MaxPool2d{2, 2},
                                   spec::Flatten{},           spec::Linear{128}, spec::Relu{},
                                   spec::Linear{10}};

}  // namespace

TEST_CASE("A model's kernels are counted by layer")
{
    // Forward: 2 + 1 + 1, twice, 0, and 1 + 1 + 1. Backward: 2 + 1 + 1, 3 + 1 + 1, 0, and 3 + 1 + 3.
    const auto kernels = kernels_of(cnn);
    CHECK(kernels.forward == 11);
    CHECK(kernels.backward == 16);
}

TEST_CASE("Kernels of normalizations and residuals follow PyTorch's operators")
{
    using namespace spec;
    const std::vector<Layer> layers{Residual{{Conv2d{.channels = 4, .kernel = 3, .bias = false}, BatchNorm{}, Relu6{}},
                                             {Conv2d{4, 3}, GroupNorm{2}}},
                                    GlobalAvgPool2d{}, Dropout{0.5}, Flatten{}, Linear{10}};
    // Forward 1 + 2 + 1, 2 + 1, 1 (the sum), 1, 1, 0, 1. Backward 1 + 1 + 1, 2 + 3, 0, 1, 1, 0, 3: the first
    // convolutions need no gradient of the pixels.
    CHECK(kernels_of(layers).forward == 11);
    CHECK(kernels_of(layers).backward == 13);
}

TEST_CASE("What needs no gradient launches nothing backward")
{
    const std::vector<spec::Layer> layers{spec::AvgPool2d{2, 2}, spec::Flatten{}, spec::Linear{10}};
    CHECK(kernels_of(layers).forward == 2);
    CHECK(kernels_of(layers).backward == 2);  // weight and bias: nobody asks for the pixels' gradient
}

TEST_CASE("A step copies its batch, goes forward and backward through loss and model, and updates")
{
    const LayerKernels model{11, 16};
    CHECK(step_kernels(model, {.learning_rate = 0.1}) == 2 + 11 + 2 + 2 + 16 + 1);
    CHECK(step_kernels(model, {.learning_rate = 0.1, .momentum = 0.9}) == 2 + 11 + 2 + 2 + 16 + 3);
    CHECK(step_kernels(model, {.kind = spec::OptimizerKind::adam, .learning_rate = 0.1}) == 2 + 11 + 2 + 2 + 16 + 8);
    CHECK(step_kernels(model, {.kind = spec::OptimizerKind::adamw}) == 2 + 11 + 2 + 2 + 16 + 8);
    CHECK(step_kernels(model, {.momentum = 0.9, .nesterov = true}) == 2 + 11 + 2 + 2 + 16 + 4);
    CHECK(step_kernels(model, {.gradient_clip = 1}) == 2 + 11 + 2 + 2 + 16 + 1 + 2);
    CHECK(evaluation_kernels(model) == 2 + 11 + 2 + 2);
    CHECK(forward_kernels(model) == 2 + 11);
    CHECK(forward_kernels(evaluation_kernels(model)) == forward_kernels(model));
}
