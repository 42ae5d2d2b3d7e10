#include "common/learning/training/optimizer.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::learning;

namespace {

// The parameter of value 1 after one step for each gradient, at a learning rate of 0.1.
float after_steps(FlatOptimizer& optimizer, const std::vector<float>& gradients)
{
    std::vector<float> parameter{1};
    for (const float gradient : gradients) {
        const std::vector<Gradient> all{{0, std::span{&gradient, 1}}};
        optimizer.step(parameter, all, 0.1);
    }
    return parameter[0];
}

}  // namespace

TEST_CASE("SGD without momentum follows the gradient and the decay")
{
    // d = 0.5 + 0.1 x 1 = 0.6; p = 1 - 0.06 = 0.94.
    FlatOptimizer optimizer{{.weight_decay = 0.1}, 1};
    CHECK(after_steps(optimizer, {0.5F}) == Approx(0.94));
}

TEST_CASE("SGD with momentum starts with a buffer that is the gradient")
{
    // d = 0.6, b = 0.6, p = 0.94; then d = 0.5 + 0.094 = 0.594, b = 0.54 + 0.594 = 1.134, p = 0.94 - 0.1134.
    FlatOptimizer optimizer{{.momentum = 0.9, .weight_decay = 0.1}, 1};
    CHECK(after_steps(optimizer, {0.5F, 0.5F}) == Approx(0.8266));
}

TEST_CASE("Adam corrects the bias of its moments")
{
    // m = 0.05, v = 0.00025: 0.5 and 0.25 corrected, so p = 1 - 0.1 x 0.5 / 0.5 = 0.9. Then m = 0.045 - 0.05 = -0.005,
    // corrected by 1 - 0.81 to -0.0263158, and v again to 0.25: p = 0.9 + 0.1 x 0.0263158 / 0.5 = 0.9052632.
    FlatOptimizer optimizer{{.kind = spec::OptimizerKind::adam}, 1};
    CHECK(after_steps(optimizer, {0.5F}) == Approx(0.9));
    optimizer.reset();
    CHECK(after_steps(optimizer, {0.5F, -0.5F}) == Approx(0.9052632));
}

TEST_CASE("Adam's weight decay is a part of the gradient")
{
    // d = 0 + 0.2 x 1; the first step is the rate, whatever d's size.
    FlatOptimizer optimizer{{.kind = spec::OptimizerKind::adam, .weight_decay = 0.2}, 1};
    CHECK(after_steps(optimizer, {0.0F}) == Approx(0.9));
}

TEST_CASE("A reset optimizer remembers nothing")
{
    FlatOptimizer optimizer{{.momentum = 0.9}, 1};
    const float first = after_steps(optimizer, {0.5F, 0.25F});
    optimizer.reset();
    CHECK(after_steps(optimizer, {0.5F, 0.25F}) == first);
}

TEST_CASE("Parameters without a gradient stay as they are")
{
    FlatOptimizer optimizer{{.weight_decay = 0.1}, 4};
    std::vector<float> parameters{1, 1, 1, 1};
    const std::vector<float> one{1};
    const std::vector<Gradient> gradients{{1, one}, {3, one}};
    optimizer.step(parameters, gradients, 0.5);
    CHECK(parameters == std::vector<float>{1, 1 - 0.5F * 1.1F, 1, 1 - 0.5F * 1.1F});
}
